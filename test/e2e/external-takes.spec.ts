/** Files that arrive in an output folder from outside: real clips become takes that can be looked at, hostile ones never do. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { corpusFiles, corpusFolder } from '../fixtures/media-corpus.ts';
import { type BuiltApp, copySample, makeWorld, startBuiltApp } from './support/built-app.ts';
import { Dailies } from './support/dailies.ts';

test.setTimeout(600_000);
test.skip(corpusFolder === null, 'the media corpus is not on this machine (CIRCLETAKE_MEDIA_CORPUS)');

const world = makeWorld();
let app: BuiltApp;
test.beforeAll(async () => {
  app = await startBuiltApp(world.folder, copySample(world.folder));
});
test.afterAll(async () => {
  await app?.stop();
  world.remove();
});

function dropInto(shot: string, folder: string): string[] {
  const target = join(app.folder, 'output', 'EP001', shot);
  mkdirSync(target, { recursive: true });
  const files = corpusFiles(folder);
  for (const [name, path] of files) copyFileSync(path, join(target, name));
  return files.map(([name]) => name);
}

test('real clips appear by themselves and play or say that they need a proxy', async ({ page }) => {
  await page.goto(app.link);
  const dailies = new Dailies(page);
  await dailies.shot('SH001').click();
  const files = dropInto('SH001', 'video-real');
  await expect(dailies.takes()).toHaveCount(files.length);
  for (let index = 0; index < files.length; index++) {
    await dailies.takes().nth(index).click();
    await expect(dailies.takes().nth(index)).toHaveAccessibleName(/External/i);
    const painted = page.locator('canvas[data-painted-frame="0"]');
    await expect(painted.or(page.getByText('needs a proxy')).first()).toBeVisible({ timeout: 60_000 });
  }
});

test('nothing hostile crashes the app, hangs it or passes as a good take', async ({ page }) => {
  const dailies = new Dailies(page);
  const again = await startAgain();
  await page.goto(again.link);
  await dailies.shot('SH002').click();
  const files = dropInto('SH002', 'hostile');
  await page.getByRole('button', { name: /open problems/ }).click();
  await expect(page.getByText('html_error_page.mp4').first()).toBeVisible({ timeout: 120_000 });
  await expect.poll(async () => (await page.getByText(/output\/EP001\/SH002\//).count()) > 0).toBe(true);
  await page.keyboard.press('Escape');
  expect(files.length).toBeGreaterThan(20);
  for (let index = 0; index < (await dailies.takes().count()); index++) {
    await expect(dailies.takes().nth(index)).not.toHaveAccessibleName(/gates: pass/i);
  }
  await expect(dailies.shot('SH003')).toBeVisible();
});

/** A one-time link works once: a second page needs a server started again on the same project. */
async function startAgain(): Promise<BuiltApp> {
  await app.stop();
  app = await startBuiltApp(world.folder, app.folder);
  return app;
}
