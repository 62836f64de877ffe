import { type MenuCommand, shellChannels } from '../../src-shared/api/desktop-shell.ts';
import type { MenuItem, WindowLike } from './electron-like.ts';

const separator: MenuItem = { type: 'separator' };

/**
 * The menu. Its commands go to the page, which knows what they mean now; keys stay the page's own, so that a letter typed
 * into a note is a letter. Undo and redo appear only on a Mac, where text fields need them.
 */
export function applicationMenu(platform: string, options: { packaged: boolean; window: WindowLike }): MenuItem[] {
  const mac = platform === 'darwin';
  const command = (label: string, name: MenuCommand): MenuItem => ({
    label,
    click: () => {
      if (!options.window.isDestroyed()) options.window.webContents.send(shellChannels.menuCommand, name);
    },
  });
  const textItems: MenuItem[] = [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }];
  const rooms = [
    command('Dailies', 'room.dailies'),
    command('Refs', 'room.refs'),
    command('Batches', 'room.batches'),
    command('Learning', 'room.learning'),
  ];
  const view: MenuItem[] = [...rooms, separator];
  view.push({ role: 'togglefullscreen' });
  if (!options.packaged) view.push({ role: 'toggleDevTools' });
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'File',
      submenu: [
        command('Open Project Folder…', 'project.open-folder'),
        command('Settings…', 'app.settings'),
        separator,
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { label: 'Edit', submenu: mac ? [{ role: 'undo' }, { role: 'redo' }, separator, ...textItems] : textItems },
    { label: 'Production', submenu: [command('Start Batch…', 'batch.start')] },
    { label: 'View', submenu: view },
    { label: 'Window', submenu: [{ role: 'minimize' }] },
    { label: 'Help', submenu: [command('Keyboard', 'app.keys')] },
  ];
}
