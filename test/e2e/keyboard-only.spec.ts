/** The night without a mouse: start a batch, follow it, read a log, end a wait, settle a doubt, store a key. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { type RunningSimulator, startSimulator } from '../simulators/start-simulator.ts';
import { Batches } from './support/batches.ts';
import { type BuiltApp, makeWorld, startBuiltApp } from './support/built-app.ts';
import { Dailies } from './support/dailies.ts';
import { copyFaultySample, type FaultyPrevis, openPage } from './support/faulty-sample.ts';
import { SettingsPage } from './support/settings.ts';

test.describe.configure({ mode: 'serial' });

const world = makeWorld();
let app: BuiltApp;
let simulator: RunningSimulator;
let page: Page;
let batches: Batches;
const troubles: string[] = [];

const faults: FaultyPrevis[] = [
  [1, 1, 'dropped-unlisted'],
  ...([1, 2, 3, 4, 5] as const).map((submit): FaultyPrevis => [2, submit, 'not-sent']),
];

test.beforeAll(async ({ browser }) => {
  simulator = await startSimulator({ folder: join(world.folder, 'provider') });
  const data = join(world.folder, 'data');
  mkdirSync(data, { recursive: true });
  const settings = { schema_version: 'circletake.settings.v1', addresses: { fal: simulator.urls.fal } };
  writeFileSync(join(data, 'settings.json'), JSON.stringify(settings));
  app = await startBuiltApp(world.folder, copyFaultySample(world.folder, faults));
  page = await openPage(browser, app.link, troubles);
  await expect(new Dailies(page).shot('SH001')).toBeVisible();
  batches = new Batches(page);
});
test.afterAll(async () => {
  await page?.close();
  await app?.stop();
  await simulator?.stop();
  world.remove();
});

const hasFocus = (target: Locator) => target.evaluate((element) => element === document.activeElement);

/** Goes on with Tab until the control has the focus; every stop on the way must show where the focus is. */
async function tabTo(target: Locator) {
  await expect(target).toBeVisible();
  for (let stops = 0; stops < 80; stops++) {
    if (await hasFocus(target)) return;
    await page.keyboard.press('Tab');
    expect(await hiddenFocus(), 'a control that has the focus and does not show it').toBe(null);
  }
  throw new Error(`Tab never reaches ${target}`);
}

/** The element that has the focus without an outline or a ring around it. */
function hiddenFocus(): Promise<string | null> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return null;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    const isSeen = (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
    return isSeen ? null : element.outerHTML;
  });
}

const focusIsLost = () => page.evaluate(() => document.activeElement === document.body);

test('a batch is started from its dialog and one phase', async () => {
  await batches.open();
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog', { name: 'Start batch' });
  await expect(dialog.getByRole('radio', { name: 'Whole episode' })).toBeFocused();
  for (const phase of ['Keyframe', 'Video']) {
    await tabTo(dialog.getByRole('checkbox', { name: phase }));
    await page.keyboard.press('Space');
  }
  await expect(dialog.getByText('12 lines')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await expect(batches.list().getByRole('option')).toHaveCount(12);
});

test('it is put on hold, a wait is ended, the focus stays in the room, and it goes on', async () => {
  const actions = page.getByRole('toolbar', { name: 'This batch' });
  const waits = page.getByRole('region', { name: 'Waiting for another try' });
  const cancel = waits.getByRole('button', { name: 'Cancel SH002 Previs' });
  await expect(cancel).toBeVisible();
  await page.keyboard.press('Shift+B');
  await expect(actions.getByRole('button', { name: 'Resume' })).toBeEnabled();
  await tabTo(cancel);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Wait ended')).toBeVisible();
  await expect(waits.getByText('SH002')).toBeHidden();
  await expect.poll(focusIsLost).toBe(false);
  await page.keyboard.press('Shift+B');
  await expect(actions.getByRole('button', { name: 'Pause' })).toBeEnabled();
});

test('a shot is found in the list and its log is read', async () => {
  await tabTo(batches.list());
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(batches.shot('SH002')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Alt+l');
  const log = batches.panel().getByRole('list', { name: 'Log of the shot' });
  await expect(log.getByRole('listitem').filter({ hasText: 'Attempt 1 was recorded' })).toBeVisible();
  await expect(batches.list()).toBeFocused();
});

test('a doubt is settled: asked twice, answered once, and the focus stays in the room', async () => {
  await page.keyboard.press('Alt+d');
  const doubt = batches.doubt('SH001 Previs, attempt 1');
  await tabTo(doubt.getByRole('button', { name: 'Charged, no take' }));
  await page.keyboard.press('Enter');
  const sure = page.getByRole('dialog', { name: 'Charged, no take?' });
  await page.keyboard.press('Escape');
  await expect(sure).toBeHidden();
  await expect(doubt.getByRole('button', { name: 'Charged, no take' })).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(sure.getByRole('button', { name: 'Charged, no take' }));
  await page.keyboard.press('Enter');
  await expect(doubt).toBeHidden();
  await expect(page.getByText('Nothing is in doubt')).toBeVisible();
  await expect.poll(focusIsLost).toBe(false);
});

test('a key is stored and tried, and the focus comes back', async () => {
  await tabTo(page.getByRole('button', { name: 'Settings' }));
  await page.keyboard.press('Enter');
  const settings = new SettingsPage(page);
  const fal = settings.dialog.getByRole('tab', { name: /^fal/ });
  await expect(fal).toBeVisible();
  for (let stops = 0; stops < 20 && !(await hasFocus(fal)); stops++) await page.keyboard.press('ArrowDown');
  await expect(fal).toBeFocused();
  await tabTo(settings.dialog.getByLabel('Key', { exact: true }));
  await page.keyboard.type('sim-e2e-key-4242');
  await page.keyboard.press('Enter');
  await expect(settings.state('fal')).toContainText('Accepted');
  await page.keyboard.press('Escape');
  await expect(settings.dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Settings' })).toBeFocused();
});

test('a batch is stopped with a key that asks first', async () => {
  await page.keyboard.press('Control+.');
  const dialog = page.getByRole('dialog', { name: 'Stop the batch?' });
  await tabTo(dialog.getByRole('button', { name: 'Stop the batch' }));
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Start batch' }).first()).toBeVisible();
  expect(troubles).toEqual([]);
});
