/** Electron as far as the shell uses it, in memory: it records what it is told and lets a test play the user and the page. */
import { EventEmitter } from 'node:events';
import type {
  ContentsLike,
  CookieDetails,
  ElectronLike,
  IpcEvent,
  MenuItem,
  Preventable,
  SessionLike,
  WindowOptions,
} from '../../src-main/shell/electron-like.ts';

type IpcListener = (event: IpcEvent, ...args: unknown[]) => unknown;

export class FakeContents extends EventEmitter implements ContentsLike {
  sent: unknown[][] = [];
  windowOpen: ((details: { url: string }) => { action: 'deny' }) | null = null;

  send(...message: unknown[]): void {
    this.sent.push(message);
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' }): void {
    this.windowOpen = handler;
  }

  /** Plays a navigation; whether it was stopped. */
  navigate(
    event: 'will-navigate' | 'will-redirect' | 'will-frame-navigate' | 'will-attach-webview',
    url = '',
  ): boolean {
    let stopped = false;
    const details = { url, preventDefault: () => (stopped = true) };
    this.emit(event, details, url);
    return stopped;
  }
}

export class FakeSession extends EventEmitter implements SessionLike {
  cookieJar: CookieDetails[] = [];
  cookies = {
    set: async (details: CookieDetails) => {
      this.cookieJar.push(details);
    },
  };
  beforeRequest: Parameters<SessionLike['webRequest']['onBeforeRequest']>[0] | null = null;
  webRequest = {
    onBeforeRequest: (listener: Parameters<SessionLike['webRequest']['onBeforeRequest']>[0]) => {
      this.beforeRequest = listener;
    },
  };
  permissionRequest: Parameters<SessionLike['setPermissionRequestHandler']>[0] | null = null;
  permissionCheck: Parameters<SessionLike['setPermissionCheckHandler']>[0] | null = null;
  devicePermission: Parameters<SessionLike['setDevicePermissionHandler']>[0] | null = null;

  setPermissionRequestHandler(handler: Parameters<SessionLike['setPermissionRequestHandler']>[0]): void {
    this.permissionRequest = handler;
  }

  setPermissionCheckHandler(handler: Parameters<SessionLike['setPermissionCheckHandler']>[0]): void {
    this.permissionCheck = handler;
  }

  setDevicePermissionHandler(handler: Parameters<SessionLike['setDevicePermissionHandler']>[0]): void {
    this.devicePermission = handler;
  }

  isCancelled(url: string): boolean {
    let cancelled = false;
    this.beforeRequest?.({ url }, ({ cancel }) => (cancelled = cancel));
    return cancelled;
  }

  grants(permission: string): boolean {
    let granted = false;
    this.permissionRequest?.(null, permission, (answer) => (granted = answer));
    return granted;
  }
}

export function createElectronStandIn(
  options: { alreadyRunning?: boolean; packaged?: boolean; keychain?: string | null } = {},
) {
  const app = new EventEmitter();
  const log: string[] = [];
  const session = new FakeSession();
  const contents = new FakeContents();
  const ipc = new Map<string, IpcListener>();
  const state = {
    log,
    session,
    contents,
    ipc,
    windows: [] as WindowOptions[],
    loaded: [] as string[],
    menu: [] as MenuItem[],
    external: [] as string[],
    revealed: [] as string[],
    asked: [] as string[],
    errors: [] as string[],
    partitions: [] as string[],
    sandboxed: false,
    exitCode: null as number | null,
    /** what the user answers to the next dialogs */
    answer: 1,
    folder: null as string | null,
    displays: [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
    bounds: { x: 10, y: 20, width: 1200, height: 800 },
    maximized: false,
    /** the secret service of the desktop; null without a keychain */
    keychain: options.keychain === undefined ? 'gnome_libsecret' : options.keychain,
    window: new EventEmitter(),
    app,
    /** Asks the shell over the bridge, as a page of that address. */
    ask: async (url: string, channel: string, given?: unknown) => ipc.get(channel)?.({ senderFrame: { url } }, given),
  };

  class StandInWindow {
    readonly webContents = contents;
    constructor(windowOptions: WindowOptions) {
      state.windows.push(windowOptions);
      app.emit('web-contents-created', {}, contents);
    }
    loadURL = async (url: string) => {
      state.loaded.push(url);
      state.window.emit('ready-to-show');
    };
    show = () => log.push('show');
    focus = () => log.push('focus');
    restore = () => log.push('restore');
    maximize = () => log.push('maximize');
    isMinimized = () => true;
    isMaximized = () => state.maximized;
    isDestroyed = () => false;
    getNormalBounds = () => state.bounds;
    on = (event: string, listener: (event: Preventable) => void) => state.window.on(event, listener);
    once = (event: string, listener: () => void) => state.window.once(event, listener);
  }

  const electron: ElectronLike = {
    app: {
      isPackaged: options.packaged ?? false,
      requestSingleInstanceLock: () => options.alreadyRunning !== true,
      enableSandbox: () => {
        state.sandboxed = true;
      },
      setName: () => {},
      whenReady: async () => log.push('ready'),
      quit: () => log.push('quit'),
      exit: (code = 0) => {
        state.exitCode = code;
      },
      on: (event: string, listener: (...args: never[]) => void) =>
        app.on(event, listener as (...args: unknown[]) => void),
    },
    BrowserWindow: StandInWindow,
    Menu: {
      buildFromTemplate: (template) => template,
      setApplicationMenu: (menu) => {
        state.menu = menu as MenuItem[];
      },
    },
    dialog: {
      showOpenDialog: async () => ({ canceled: state.folder === null, filePaths: state.folder ? [state.folder] : [] }),
      showMessageBox: async ({ detail }) => {
        state.asked.push(detail);
        return { response: state.answer };
      },
      showErrorBox: (_title, content) => state.errors.push(content),
    },
    shell: {
      openExternal: async (url) => {
        state.external.push(url);
      },
      showItemInFolder: (path) => state.revealed.push(path),
    },
    session: {
      fromPartition: (partition) => {
        state.partitions.push(partition);
        return session;
      },
    },
    ipcMain: { handle: (channel, listener) => ipc.set(channel, listener) },
    safeStorage: {
      isEncryptionAvailable: () => state.keychain !== null,
      getSelectedStorageBackend: () => state.keychain ?? 'unknown',
      encryptString: (text) => Buffer.from(text).reverse(),
      decryptString: (sealed) => Buffer.from(sealed).reverse().toString(),
    },
    screen: { getAllDisplays: () => state.displays },
  };
  return { electron, state };
}

/** Every item of a menu, its submenus included. */
export function flatMenu(items: MenuItem[]): MenuItem[] {
  return items.flatMap((item) => [item, ...flatMenu(item.submenu ?? [])]);
}
