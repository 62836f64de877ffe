/**
 * What only the desktop shell can do. The bridge puts it on the page's window; in a browser it is absent and the
 * interface hides those buttons. Ids go over, never paths.
 */

/** What the menu asks of the page. Ids are those of the page's own commands where it has one. */
export const menuCommands = [
  'project.open-folder',
  'batch.start',
  'room.dailies',
  'room.refs',
  'room.batches',
  'room.learning',
  'app.settings',
  'app.keys',
] as const;
export type MenuCommand = (typeof menuCommands)[number];

/** How asking for a folder ended: `cancelled` when the dialog was closed, `refused` with the reason for people. */
export type FolderAnswer =
  | { kind: 'opened'; projectId: string }
  | { kind: 'cancelled' }
  | { kind: 'refused'; message: string; hint: string | null };

export interface DesktopShell {
  readonly kind: 'desktop';
  /** `darwin`, `linux` or `win32` */
  readonly platform: string;
  /** Asks for a folder, makes it known and opens it. */
  openProjectFolder(): Promise<FolderAnswer>;
  /** Shows a take's file in the system's file manager; false when it is not there. */
  reveal(projectId: string, takeId: string): Promise<boolean>;
  /** Calls back for each command of the menu; the answer ends it. */
  onMenuCommand(callback: (command: MenuCommand) => void): () => void;
}

/** Name of the bridge on the page's window. */
export const desktopShellName = 'circletakeShell';

/** Channels between bridge and shell. */
export const shellChannels = {
  openProjectFolder: 'circletake:open-project-folder',
  reveal: 'circletake:reveal',
  menuCommand: 'circletake:menu-command',
} as const;
