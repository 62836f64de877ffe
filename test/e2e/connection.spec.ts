/** A window whose Studio goes away, comes back as another run, and is opened again. */
import { expect, type Page, test } from '@playwright/test';
import { Batches } from './support/batches.ts';
import { type BuiltApp, makeWorld, startBuiltApp } from './support/built-app.ts';
import { Dailies } from './support/dailies.ts';
import { copyFaultySample, openPage } from './support/faulty-sample.ts';

test.describe.configure({ mode: 'serial' });

const world = makeWorld();
let app: BuiltApp;
let page: Page;
let batches: Batches;

test.beforeAll(async ({ browser }) => {
  app = await startBuiltApp(world.folder, copyFaultySample(world.folder, [[1, 1, 'dropped-unlisted']]));
  page = await openPage(browser, app.link);
  batches = new Batches(page);
  await expect(new Dailies(page).shot('SH001')).toBeVisible();
});
test.afterAll(async () => {
  await page?.close();
  await app?.stop();
  world.remove();
});

test('two clicks on Start Production start one batch', async () => {
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog', { name: 'Start batch' });
  for (const phase of ['Keyframe', 'Video']) await dialog.getByRole('checkbox', { name: phase }).uncheck();
  await expect(dialog.getByText('12 lines')).toBeVisible();
  await dialog.getByRole('button', { name: 'Start Production' }).dblclick();
  await expect(dialog).toBeHidden();
  await batches.open();
  const entries = page.getByRole('navigation', { name: 'Batches' }).getByRole('button', { name: /EP001/ });
  await expect(entries).toHaveCount(1);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('while the Studio does not answer nothing that would change something can be pressed', async () => {
  await expect(page.getByRole('img', { name: '1 attempt in doubt' })).toBeVisible();
  await batches.showDoubts();
  const doubt = batches.doubt('SH001 Previs, attempt 1');
  await doubt.getByLabel('Job at the engine').fill('emb_1');
  await expect(doubt.getByRole('button', { name: 'Adopt' })).toBeEnabled();
  await app.stop('SIGKILL');
  await expect(page.getByRole('alert').filter({ hasText: 'The Studio does not answer' })).toBeVisible();
  await expect(page.getByText('nothing can be said of it until it is')).toBeVisible();
  for (const name of ['Adopt', 'Never charged', 'Charged, no take', 'Wait']) {
    await expect(doubt.getByRole('button', { name, exact: true })).toBeDisabled();
  }
  await expect(page.getByRole('button', { name: /^Pause/ })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Stop the batch' })).toBeDisabled();
  await doubt.getByRole('button', { name: 'Charged, no take' }).click({ force: true });
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('another run of the Studio is named, with the way to it', async () => {
  const { port } = new URL(app.link);
  app = await startBuiltApp(world.folder, app.folder, ['--port', port]);
  const notice = page.getByRole('alert').filter({ hasText: 'Circletake was started again: open its new link' });
  await expect(notice).toBeVisible();
  await expect(batches.doubt('SH001 Previs, attempt 1').getByRole('button', { name: 'Wait' })).toBeDisabled();
  await page.goto(app.link);
  await expect(notice).toBeHidden();
  await batches.showDoubts();
  await expect(batches.doubt('SH001 Previs, attempt 1').getByRole('button', { name: 'Wait' })).toBeEnabled();
});
