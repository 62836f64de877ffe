// The desktop window may show this Studio and nothing else. Every way out of its origin is closed here: navigation, new
// windows, requests, downloads, permissions, devices. A link that leads outside is asked about, then given to the browser.
import type { ContentsLike, ElectronLike, Preventable, SessionLike } from './electron-like.ts';

/** What the page may do: see itself in full screen and copy text. */
const granted = ['fullscreen', 'clipboard-sanitized-write'];

/** Closes a session to everything but `origin`. */
export function hardenSession(session: SessionLike, origin: string): void {
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isOwnRequest(url, origin) }));
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(granted.includes(permission)));
  session.setPermissionCheckHandler(
    (_contents, permission, asking) => originOf(asking) === origin && granted.includes(permission),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    const url = item.getURL();
    if (!url.startsWith(`blob:${origin}/`) && originOf(url) !== origin) event.preventDefault();
  });
}

/** Keeps a page where it is. Applies to every page that is ever made, child frames included. */
export function hardenContents(contents: ContentsLike, origin: string, electron: ElectronLike): void {
  const stay = (event: Preventable, url: string) => {
    if (originOf(url) === origin) return;
    event.preventDefault();
    void offerExternal(url, electron);
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', (details) => {
    if (originOf(details.url) !== origin) details.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (originOf(url) !== origin) void offerExternal(url, electron);
    return { action: 'deny' };
  });
}

/** Asks before a link leaves the app; only https does. */
async function offerExternal(url: string, { dialog, shell }: ElectronLike): Promise<void> {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') return;
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: 'Open this link in your browser?',
    detail: new URL(url).href.slice(0, 500),
    buttons: ['Open in browser', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  });
  if (response === 0) await shell.openExternal(new URL(url).href);
}

function isOwnRequest(url: string, origin: string): boolean {
  if (url.startsWith('blob:')) return url.startsWith(`blob:${origin}/`);
  return url.startsWith('data:') || url.startsWith('devtools:') || originOf(url) === origin;
}

/** The origin of an address; null for what has none, such as file: and javascript:. */
export function originOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { origin, username, password } = new URL(url);
  return origin === 'null' || username !== '' || password !== '' ? null : origin;
}
