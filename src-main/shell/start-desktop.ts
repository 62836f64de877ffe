// The desktop shell: one Studio, one window on its origin, one instance. It owns the window, the menu and the order of
// leaving: connections first, then the Studio, then the process.
import { join } from 'node:path';
import { answerBridge } from './answer-bridge.ts';
import { applicationMenu } from './application-menu.ts';
import { mayLeave } from './ask-before-leaving.ts';
import type { ElectronLike, WebPreferences, WindowLike } from './electron-like.ts';
import { explainError } from './explain-error.ts';
import { hardenContents, hardenSession } from './harden-session.ts';
import { type HostedStudio, type HostOptions, hostStudio } from './host-studio.ts';
import { protectWithKeychain } from './protect-secrets.ts';
import { readWindowState, saveWindowState } from './window-state.ts';

export interface DesktopOptions extends Omit<HostOptions, 'port' | 'onEntered'> {
  preloadFile: string;
  platform: string;
}

/** Starts the shell, or hands over to the instance that runs already. */
export async function startDesktop(electron: ElectronLike, options: DesktopOptions): Promise<void> {
  const { app, dialog } = electron;
  if (!app.requestSingleInstanceLock()) return app.quit();
  app.setName('Circletake');
  app.enableSandbox();
  await app.whenReady();
  let host: HostedStudio | null = null;
  try {
    const protection = protectWithKeychain(electron.safeStorage, options.platform);
    host = await hostStudio({ ...options, protection, port: 0 });
    await openWindow(electron, host, options);
  } catch (error) {
    dialog.showErrorBox('Circletake could not start', explainError(error, options.logger));
    await host?.close();
    app.exit(1);
  }
}

async function openWindow(electron: ElectronLike, host: HostedStudio, options: DesktopOptions): Promise<void> {
  const { app } = electron;
  const { origin, cookie } = host.server;
  const session = electron.session.fromPartition(sessionName);
  hardenSession(session, origin);
  app.on('web-contents-created', (_event, contents) => hardenContents(contents, origin, electron));
  await session.cookies.set({ url: origin, ...cookie, httpOnly: true, sameSite: 'strict' });

  const statePath = join(options.dataFolder, 'window.json');
  const displays = electron.screen.getAllDisplays().map(({ workArea }) => workArea);
  const state = await readWindowState(statePath, displays);
  const place = state ? { x: state.x, y: state.y, width: state.width, height: state.height } : {};
  const window = new electron.BrowserWindow({
    ...defaultPlace,
    ...place,
    title: 'Circletake',
    show: false,
    backgroundColor: '#1b1b1b',
    webPreferences: webPreferences(options.preloadFile, app.isPackaged),
  });
  if (state?.maximized) window.maximize();
  answerBridge({ electron, studio: host.studio, origin, logger: options.logger });
  const menu = applicationMenu(options.platform, { packaged: app.isPackaged, window });
  electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(menu));
  app.on('second-instance', () => bringForward(window));
  leaveInOrder({ electron, host, window, statePath });
  window.once('ready-to-show', () => window.show());
  await window.loadURL(`${origin}/`);
}

/** Without “persist:” it is kept in memory: nothing of a session is left on the disk. */
const sessionName = 'circletake';
const defaultPlace = { width: 1440, height: 900, minWidth: 1024, minHeight: 640 };

/** Every switch that Electron's security list names, said out loud whatever the default of a version is. */
function webPreferences(preload: string, packaged: boolean): WebPreferences {
  return {
    preload,
    partition: sessionName,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    plugins: false,
    // the dictionaries would be fetched from elsewhere
    spellcheck: false,
    devTools: !packaged,
  };
}

function bringForward(window: WindowLike): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

interface Leaving {
  electron: ElectronLike;
  host: HostedStudio;
  window: WindowLike;
  statePath: string;
}

function leaveInOrder({ electron: { app, dialog }, host, window, statePath }: Leaving): void {
  let leaving = false;
  const leave = async () => {
    leaving = await mayLeave(host.studio, dialog);
    if (!leaving) return;
    const state = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    await Promise.allSettled([saveWindowState(statePath, state), host.close()]);
    app.exit(0);
  };
  // it goes with the app: who is asked and stays still has it
  window.on('close', (event) => {
    event.preventDefault();
    app.quit();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    void leave();
  });
}
