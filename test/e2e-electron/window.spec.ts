// The desktop shell itself: everything else is tested in a browser, which shows the same pages. It runs wherever
// Electron's program is there and can open a window, and elsewhere says why it does not.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, expect, test } from '@playwright/test';
import { built } from '../../scripts/app-build.mjs';
import { findElectron, whyNoDesktop } from '../../scripts/setup-electron.mjs';

const program = findElectron();
const reason = program ? whyNoDesktop() : "Electron's program is not on this machine";

test('opens one window on the app, with no access to Node from its page', async () => {
  test.skip(reason !== null, reason ?? '');
  const dataFolder = mkdtempSync(join(tmpdir(), 'circletake-electron-test-'));
  const app = await _electron.launch({
    executablePath: program ?? undefined,
    args: [built.electron, `--user-data-dir=${dataFolder}`],
    env: { ...process.env, CIRCLETAKE_DATA: dataFolder } as Record<string, string>,
  });
  try {
    const page = await app.firstWindow();
    await expect(page).toHaveTitle(/Circletake/);
    expect(new URL(page.url()).hostname).toBe('127.0.0.1');
    expect(await page.evaluate(() => ['require', 'process'].filter((name) => name in globalThis))).toEqual([]);
    expect(app.windows()).toHaveLength(1);
  } finally {
    await app.close();
    rmSync(dataFolder, { recursive: true, force: true });
  }
});
