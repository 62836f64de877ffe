/**
 * As much of Electron as the desktop shell uses, so that the shell is tested without Electron; electron.ts passes the
 * real one, and the compiler checks that it fits.
 */
export interface ElectronLike {
  app: AppLike;
  BrowserWindow: new (options: WindowOptions) => WindowLike;
  Menu: { buildFromTemplate(template: MenuItem[]): MenuLike; setApplicationMenu(menu: MenuLike | null): void };
  dialog: DialogLike;
  shell: { openExternal(url: string): Promise<void>; showItemInFolder(path: string): void };
  session: { fromPartition(partition: string): SessionLike };
  ipcMain: { handle(channel: string, listener: (event: IpcEvent, ...args: unknown[]) => unknown): void };
  safeStorage: SafeStorageLike;
  screen: { getAllDisplays(): { workArea: Bounds }[] };
}

export interface AppLike {
  readonly isPackaged: boolean;
  requestSingleInstanceLock(): boolean;
  enableSandbox(): void;
  setName(name: string): void;
  whenReady(): Promise<unknown>;
  quit(): void;
  exit(code?: number): void;
  on(event: 'second-instance', listener: (event: unknown, argv: string[], cwd: string) => void): unknown;
  on(event: 'window-all-closed', listener: () => void): unknown;
  on(event: 'before-quit', listener: (event: Preventable) => void): unknown;
  on(event: 'web-contents-created', listener: (event: unknown, contents: ContentsLike) => void): unknown;
}

export interface Preventable {
  preventDefault(): void;
}

export interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface WindowOptions {
  title: string;
  show: boolean;
  width: number;
  height: number;
  x?: number;
  y?: number;
  minWidth: number;
  minHeight: number;
  backgroundColor: string;
  webPreferences: WebPreferences;
}

/** The switches of Electron's security list that a window has. */
export interface WebPreferences {
  preload: string;
  partition: string;
  sandbox: boolean;
  contextIsolation: boolean;
  nodeIntegration: boolean;
  nodeIntegrationInWorker: boolean;
  nodeIntegrationInSubFrames: boolean;
  webviewTag: boolean;
  webSecurity: boolean;
  allowRunningInsecureContent: boolean;
  experimentalFeatures: boolean;
  navigateOnDragDrop: boolean;
  plugins: boolean;
  spellcheck: boolean;
  devTools: boolean;
}

export interface WindowLike {
  readonly webContents: ContentsLike;
  loadURL(url: string): Promise<void>;
  show(): void;
  focus(): void;
  restore(): void;
  maximize(): void;
  isMinimized(): boolean;
  isMaximized(): boolean;
  isDestroyed(): boolean;
  getNormalBounds(): Bounds;
  on(event: 'close', listener: (event: Preventable) => void): unknown;
  once(event: 'ready-to-show', listener: () => void): unknown;
}

export interface ContentsLike {
  send(channel: string, ...args: unknown[]): void;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' }): void;
  on(event: 'will-navigate' | 'will-redirect', listener: (event: Preventable, url: string) => void): unknown;
  on(event: 'will-frame-navigate', listener: (details: Preventable & { url: string }) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown;
}

export interface SessionLike {
  cookies: { set(details: CookieDetails): Promise<void> };
  webRequest: {
    onBeforeRequest(
      listener: (details: { url: string }, answer: (response: { cancel: boolean }) => void) => void,
    ): void;
  };
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, answer: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: (contents: unknown, permission: string, origin: string) => boolean): void;
  setDevicePermissionHandler(handler: (details: unknown) => boolean): void;
  on(event: 'will-download', listener: (event: Preventable, item: { getURL(): string }) => void): unknown;
}

export interface CookieDetails {
  url: string;
  name: string;
  value: string;
  httpOnly: boolean;
  sameSite: 'strict';
}

/** The keychain; ready when the app is. */
export interface SafeStorageLike {
  isEncryptionAvailable(): boolean;
  /** Linux only: which secret service, `basic_text` when none */
  getSelectedStorageBackend(): string;
  encryptString(text: string): Buffer;
  decryptString(sealed: Buffer): string;
}

export interface DialogLike {
  showOpenDialog(options: {
    title: string;
    buttonLabel: string;
    properties: 'openDirectory'[];
  }): Promise<{ canceled: boolean; filePaths: string[] }>;
  showMessageBox(options: {
    type: 'question';
    message: string;
    detail: string;
    buttons: string[];
    defaultId: number;
    cancelId: number;
  }): Promise<{ response: number }>;
  showErrorBox(title: string, content: string): void;
}

export interface IpcEvent {
  senderFrame: { url: string } | null;
}

export type MenuRole =
  | 'appMenu'
  | 'undo'
  | 'redo'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'selectAll'
  | 'minimize'
  | 'togglefullscreen'
  | 'toggleDevTools'
  | 'close'
  | 'quit';

export interface MenuItem {
  label?: string;
  role?: MenuRole;
  type?: 'separator';
  submenu?: MenuItem[];
  click?: () => void;
}

/** What buildFromTemplate makes; only handed on. */
export type MenuLike = object;
