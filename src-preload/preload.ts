// The bridge between the page and the desktop shell: shell facts out, menu commands in, nothing else. It runs sandboxed;
// the page gets four functions and two strings, never ipcRenderer.
import { contextBridge, ipcRenderer } from 'electron';
import {
  type DesktopShell,
  desktopShellName,
  type FolderAnswer,
  menuCommands,
  shellChannels,
} from '../src-shared/api/desktop-shell.ts';

const bridge: DesktopShell = {
  kind: 'desktop',
  platform: process.platform,
  openProjectFolder: () => ipcRenderer.invoke(shellChannels.openProjectFolder) as Promise<FolderAnswer>,
  reveal: (projectId, takeId) => ipcRenderer.invoke(shellChannels.reveal, { projectId, takeId }) as Promise<boolean>,
  onMenuCommand(callback) {
    const listener = (_event: unknown, name: unknown) => {
      const command = menuCommands.find((known) => known === name);
      if (command !== undefined) callback(command);
    };
    ipcRenderer.on(shellChannels.menuCommand, listener);
    return () => ipcRenderer.removeListener(shellChannels.menuCommand, listener);
  },
};

contextBridge.exposeInMainWorld(desktopShellName, bridge);
