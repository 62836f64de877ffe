// S7: each item of Electron's security list that this shell can show, on a stand-in; and the shell's own behaviour.
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../src-main/platform/logger.ts';
import { startDesktop } from '../../src-main/shell/start-desktop.ts';
import { shellChannels } from '../../src-shared/api/desktop-shell.ts';
import type { JobOut } from '../../src-shared/domain/job-out.ts';
import { createElectronStandIn, flatMenu } from '../fakes/electron-stand-in.ts';
import { fakeStudioMaker } from '../fakes/fake-studio.ts';

let folder: string;
const opened: (() => Promise<void>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-shell-'));
});
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
  await rm(folder, { recursive: true, force: true });
});

async function start(
  options: Parameters<typeof createElectronStandIn>[0] & {
    folders?: string[];
    platform?: string;
    /** jobs that are out */
    out?: JobOut[];
  } = {},
) {
  const { electron, state } = createElectronStandIn(options);
  const maker = fakeStudioMaker(folder, ({ attempts }) => ({
    attempts: { ...attempts, jobsOut: async () => [...(options.out ?? [])] },
  }));
  await startDesktop(electron, {
    createStudio: maker.create,
    dataFolder: folder,
    folders: options.folders ?? [],
    rendererFolder: join(folder, 'renderer'),
    preloadFile: '/app/preload.cjs',
    platform: options.platform ?? 'linux',
    logger: silentLogger,
  });
  const quit = async () => {
    state.app.emit('before-quit', { preventDefault: () => {} });
    await vi.waitFor(() => expect(state.exitCode).not.toBeNull(), { timeout: 60_000 });
  };
  opened.push(async () => {
    if (state.exitCode === null && state.windows.length > 0) await quit();
  });
  const origin = new URL(state.loaded[0] ?? 'http://none').origin;
  return { electron, state, maker, origin, quit };
}

const outside = [
  'https://evil.example/',
  'http://127.0.0.1:1/',
  'http://localhost/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  'about:blank',
  'circletake://x',
  'not a url',
];

describe('keys', () => {
  it('are handed a keychain where the desktop has one, and none where it has not', async () => {
    const { maker } = await start();
    expect(maker.asked[0]?.protection).toMatchObject({ protect: expect.any(Function) });
    const plain = await start({ keychain: 'basic_text' });
    expect(plain.maker.asked[0]?.protection).toBeNull();
  });
});

describe('the desktop shell is hardened', () => {
  it('1. shows only its own origin on the loopback interface', async () => {
    const { state } = await start();
    expect(state.loaded).toHaveLength(1);
    expect(state.loaded[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  it.each([
    ['2. sandbox', 'sandbox', true],
    ['3. context isolation', 'contextIsolation', true],
    ['4. no Node in the page', 'nodeIntegration', false],
    ['5. no Node in workers', 'nodeIntegrationInWorker', false],
    ['6. no Node in frames', 'nodeIntegrationInSubFrames', false],
    ['7. no webview element', 'webviewTag', false],
    ['8. web security', 'webSecurity', true],
    ['9. no insecure content', 'allowRunningInsecureContent', false],
    ['10. no experimental features', 'experimentalFeatures', false],
    ['11. no navigation by dropping a file', 'navigateOnDragDrop', false],
    ['12. no plugins', 'plugins', false],
    ['13. no dictionaries from elsewhere', 'spellcheck', false],
  ] as const)('%s', async (_name, key, value) => {
    const { state } = await start();
    expect(state.windows[0]?.webPreferences[key]).toBe(value);
  });

  it('14. is sandboxed as a whole, before anything runs', async () => {
    const { state } = await start();
    expect(state.sandboxed).toBe(true);
  });

  it('15. has the session cookie in a session of its own, in memory', async () => {
    const { state, origin } = await start();
    expect(state.partitions).toEqual(['circletake']);
    expect(state.windows[0]?.webPreferences.partition).toBe('circletake');
    expect(state.session.cookieJar).toEqual([
      expect.objectContaining({
        url: origin,
        httpOnly: true,
        sameSite: 'strict',
        value: expect.stringMatching(/^.{43}$/),
      }),
    ]);
    const { name, value } = state.session.cookieJar[0] ?? { name: '', value: '' };
    const answer = await fetch(`${origin}/nothing`, { headers: { cookie: `${name}=${value}` } });
    expect(answer.status).toBe(404);
    expect((await fetch(`${origin}/nothing`)).status).toBe(401);
  });

  it('16. never navigates away, and asks before a link goes to the browser', async () => {
    const { state, origin } = await start();
    for (const url of outside) {
      expect(state.contents.navigate('will-navigate', url), url).toBe(true);
      expect(state.contents.navigate('will-redirect', url), url).toBe(true);
      expect(state.contents.navigate('will-frame-navigate', url), url).toBe(true);
    }
    expect(state.contents.navigate('will-navigate', `${origin}/`)).toBe(false);
    expect(state.contents.navigate('will-navigate', `${origin.replace('//', '//x@')}/`)).toBe(true);
    expect(new Set(state.asked)).toEqual(new Set(['https://evil.example/']));
    expect(state.external).toEqual([]);
    state.answer = 0;
    state.contents.navigate('will-navigate', 'https://example.org/docs');
    await vi.waitFor(() => expect(state.external).toEqual(['https://example.org/docs']), { timeout: 60_000 });
  });

  it('17. opens no window', async () => {
    const { state, origin } = await start();
    for (const url of [...outside, `${origin}/`]) {
      expect(state.contents.windowOpen?.({ url })).toEqual({ action: 'deny' });
    }
    expect(state.contents.navigate('will-attach-webview')).toBe(true);
  });

  it('18. grants no permission but full screen and copying', async () => {
    const { state, origin } = await start();
    const asked = [
      'media',
      'geolocation',
      'notifications',
      'midi',
      'clipboard-read',
      'hid',
      'usb',
      'openExternal',
      'x',
    ];
    for (const permission of asked) {
      expect(state.session.grants(permission), permission).toBe(false);
      expect(state.session.permissionCheck?.(null, permission, `${origin}/`)).toBe(false);
    }
    expect(state.session.grants('fullscreen')).toBe(true);
    expect(state.session.permissionCheck?.(null, 'fullscreen', `${origin}/`)).toBe(true);
    expect(state.session.permissionCheck?.(null, 'fullscreen', 'https://evil.example/')).toBe(false);
    expect(state.session.devicePermission?.({})).toBe(false);
  });

  it('19. loads nothing from elsewhere', async () => {
    const { state, origin } = await start();
    for (const url of outside.filter((each) => !each.startsWith('data:'))) {
      expect(state.session.isCancelled(url), url).toBe(true);
    }
    expect(state.session.isCancelled('blob:https://evil.example/1')).toBe(true);
    for (const url of [`${origin}/assets/a.js`, `blob:${origin}/1`, 'data:image/png;base64,x']) {
      expect(state.session.isCancelled(url), url).toBe(false);
    }
    const stopped = (url: string) => {
      let prevented = false;
      state.session.emit('will-download', { preventDefault: () => (prevented = true) }, { getURL: () => url });
      return prevented;
    };
    expect([stopped('https://evil.example/x'), stopped(`${origin}/x`), stopped(`blob:${origin}/1`)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('20. answers only its own page, and ids only', async () => {
    const { state, origin } = await start();
    const take = { projectId: 'demo', takeId: 'EP001_SH001_T1' };
    for (const url of outside) {
      await expect(state.ask(url, shellChannels.reveal, take)).rejects.toThrow('not a page of this Studio');
    }
    for (const given of [
      null,
      'x',
      { projectId: '../x', takeId: 'y' },
      { ...take, path: '/etc' },
      { ...take, projectId: 'other' },
    ]) {
      expect(await state.ask(`${origin}/`, shellChannels.reveal, given)).toBe(false);
    }
    expect(state.revealed).toEqual([]);
    expect(await state.ask(`${origin}/`, shellChannels.reveal, take)).toBe(true);
    expect(state.revealed).toEqual(['/demo/take.png']);
  });

  it('gives the page no developer tools once packaged', async () => {
    const { state } = await start({ packaged: true });
    expect(state.windows[0]?.webPreferences.devTools).toBe(false);
    expect(flatMenu(state.menu).some(({ role }) => role === 'toggleDevTools')).toBe(false);
  });

  it('keeps electron to its one entry and the bridge to four functions', () => {
    const root = join(import.meta.dirname, '..', '..');
    const bridge = readFileSync(join(root, 'src-preload', 'preload.ts'), 'utf8');
    expect(bridge).not.toMatch(/require\(|node:|exposeInMainWorld\([^)]*ipcRenderer/);
    expect(bridge.match(/exposeInMainWorld/g)).toHaveLength(1);
    const entry = readFileSync(join(root, 'src-main', 'electron.ts'), 'utf8');
    expect(entry).not.toMatch(/await startDesktop|remote|disable-web-security|no-sandbox|appendSwitch/);
  });
});

describe('the desktop shell', () => {
  it('hands over to the instance that runs already', async () => {
    const { state, maker } = await start({ alreadyRunning: true });
    expect(state.log).toEqual(['quit']);
    expect(maker.asked).toEqual([]);
  });

  it('comes forward when it is started again', async () => {
    const { state } = await start();
    state.log.length = 0;
    state.app.emit('second-instance', {}, [], '');
    expect(state.log).toEqual(['restore', 'show', 'focus']);
  });

  it('opens the folders it was given and remembers them', async () => {
    const { maker } = await start({ folders: ['/films/one'] });
    expect(maker.studio.added).toEqual(['/films/one']);
    expect(maker.asked[0]).toMatchObject({ rememberProjects: true, dataFolder: folder });
  });

  it('says in a dialog why it cannot start, closes what it had opened, and exits 1', async () => {
    const { state, maker } = await start({ folders: ['/films/in-use'] });
    expect(state.errors).toEqual(['Another process has it.\nClose it there.']);
    expect([state.exitCode, maker.isClosed(), state.windows.length]).toEqual([1, true, 0]);
  });

  it('closes connections, then the Studio, then itself', async () => {
    const { maker, origin, quit, state } = await start();
    await quit();
    expect([state.exitCode, maker.isClosed()]).toEqual([0, true]);
    await expect(fetch(origin)).rejects.toThrow();
  });

  it('asks who leaves while jobs are out whose results their engines keep for a while only', async () => {
    const out: JobOut[] = [
      {
        ...{ attemptId: 'att_1', shotId: 'EP001_SH001', phase: 'video', provider: 'fal', heldMicroUsd: 300_000 },
        ...{ place: 'running', inDoubt: false, callOff: 'paid' },
        keptUntil: new Date(Date.now() + 3_600_000).toISOString(),
      },
    ];
    const { state, maker } = await start({ out });
    state.answer = 0;
    state.app.emit('before-quit', { preventDefault: () => {} });
    await vi.waitFor(() => expect(state.asked).toHaveLength(1));
    expect(state.asked[0]).toMatch(/^1 job is out and holds \$0\.30\. .* fal keeps what it makes until .* at least\.$/);
    expect(maker.isClosed()).toBe(false);
    state.answer = 1;
    await vi.waitFor(
      () => {
        state.app.emit('before-quit', { preventDefault: () => {} });
        expect(state.exitCode).toBe(0);
      },
      { timeout: 60_000 },
    );
    out.splice(0);
    const none = await start({ out });
    await none.quit();
    expect(none.state.asked).toEqual([]);
  });

  it('remembers where its window was', async () => {
    const first = await start();
    first.state.maximized = true;
    first.state.window.emit('close', { preventDefault: () => first.state.log.push('kept open') });
    expect(first.state.log.slice(-2)).toEqual(['kept open', 'quit']);
    await first.quit();
    expect(JSON.parse(await readFile(join(folder, 'window.json'), 'utf8'))).toMatchObject({
      width: 1200,
      maximized: true,
    });
    const second = await start();
    expect(second.state.windows[0]).toMatchObject({ x: 10, y: 20, width: 1200, height: 800 });
    expect(second.state.log).toContain('maximize');
  });

  it.each([
    ['{', 'half a file'],
    ['{"x":0,"y":0,"width":1,"height":1,"maximized":false}', 'a window of one pixel'],
    ['{"x":5000,"y":20,"width":1200,"height":800,"maximized":false}', 'a display that has gone'],
  ])('starts in the middle when it remembers %j (%s)', async (content) => {
    await writeFile(join(folder, 'window.json'), content);
    const { state } = await start();
    expect(state.windows[0]).toMatchObject({ width: 1440, height: 900 });
    expect(state.windows[0]).not.toHaveProperty('x');
  });

  it('opens a project folder that the user chose, or says why not', async () => {
    const { state, origin, maker } = await start();
    const choose = () => state.ask(`${origin}/`, shellChannels.openProjectFolder);
    expect(await choose()).toEqual({ kind: 'cancelled' });
    state.folder = '/films/two';
    expect(await choose()).toEqual({ kind: 'opened', projectId: 'demo' });
    expect(maker.studio.added).toContain('/films/two');
    state.folder = '/films/in-use';
    expect(await choose()).toEqual({ kind: 'refused', message: 'Another process has it.', hint: 'Close it there.' });
  });

  it.each(['linux', 'win32', 'darwin'])(
    'has a menu on %s that speaks to the page and takes no key from it',
    async (platform) => {
      const { state } = await start({ platform });
      const items = flatMenu(state.menu);
      items.find(({ label }) => label === 'Start Batch…')?.click?.();
      expect(state.contents.sent).toEqual([[shellChannels.menuCommand, 'batch.start']]);
      expect(items.filter((item) => 'accelerator' in item)).toEqual([]);
      expect(items.some(({ role }) => role === 'undo')).toBe(platform === 'darwin');
      expect(items.some(({ role }) => role === (platform === 'darwin' ? 'close' : 'quit'))).toBe(true);
    },
  );

  it('leaves no upload behind', async () => {
    const { quit } = await start();
    await quit();
    expect(existsSync(join(folder, 'uploads'))).toBe(false);
  });
});
