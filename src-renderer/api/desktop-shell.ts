import { type DesktopShell, desktopShellName } from '../../src-shared/api/desktop-shell.ts';

/** What only the desktop shell can do; null in a browser, where the buttons for it are left out. */
export const desktopShell: DesktopShell | null =
  (Reflect.get(globalThis, desktopShellName) as DesktopShell | undefined) ?? null;
