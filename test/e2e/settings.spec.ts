/** Keys against the simulator, the Start dialog's refusals, and a rehearsal from the dialog to takes on the screen. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type RunningSimulator, startSimulator } from '../simulators/start-simulator.ts';
import { type BuiltApp, copySample, makeWorld, startBuiltApp } from './support/built-app.ts';
import { Dailies } from './support/dailies.ts';
import { SettingsPage } from './support/settings.ts';

const world = makeWorld();
const data = join(world.folder, 'data');
let app: BuiltApp;
let simulator: RunningSimulator;
let page: Page;
const troubles: string[] = [];

test.beforeAll(async ({ browser }) => {
  simulator = await startSimulator({ folder: join(world.folder, 'provider') });
  // fal at the simulator's address, as a file that the user's own hand may write
  mkdirSync(data, { recursive: true });
  const settings = { schema_version: 'circletake.settings.v1', addresses: { fal: simulator.urls.fal } };
  writeFileSync(join(data, 'settings.json'), JSON.stringify(settings));
  app = await startBuiltApp(world.folder, copySample(world.folder));
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(app.link);
  await expect(new Dailies(page).shot('SH001')).toBeVisible();
});
test.afterAll(async () => {
  await page?.close();
  await app?.stop();
  await simulator?.stop();
  world.remove();
});
test.describe.configure({ mode: 'serial' });

const shown = (name: string) => page.screenshot({ path: test.info().outputPath(`${name}.png`) });

test('a key is set, refused, replaced, accepted and removed, by keyboard and without being shown', async () => {
  const settings = new SettingsPage(page);
  await settings.open();
  await expect(settings.state('fal')).toContainText('No key');
  await settings.enterKey('not-a-simulators-key-42');
  await expect(settings.state('fal')).toContainText('Refused');
  await settings.enterKey('sim-e2e-key-4242');
  await expect(settings.state('fal')).toContainText('Accepted');
  await shown('settings');
  expect(await page.content()).not.toContain('sim-e2e-key-4242');
  const keys = join(data, 'keys', 'keys.json');
  expect(statSync(keys).mode & 0o777).toBe(0o600);
  expect(readFileSync(keys, 'utf8')).toContain('sim-e2e-key-4242');

  await settings.dialog.getByRole('button', { name: 'Remove key…' }).click();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(settings.state('fal')).toContainText('No key');
  expect(readFileSync(keys, 'utf8')).not.toContain('sim-e2e-key-4242');
  await settings.choose(/Limits/);
  await expect(settings.dialog.getByText('project.json')).toBeVisible();
  await settings.close();
});

test('the Start dialog prices every line, says what would be refused and why it cannot start', async () => {
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog', { name: 'Start batch' });
  const start = dialog.getByRole('button', { name: 'Start Production' });
  await expect(dialog.getByRole('radio', { name: 'Whole episode' })).toBeFocused();
  await expect(dialog.getByText('36 lines')).toBeVisible();
  await expect(start).toBeEnabled();

  await dialog.getByLabel('Engine').selectOption('fal');
  await expect(dialog.getByText(/^▲ No key for fal/)).toBeVisible();
  await expect(start).toBeDisabled();
  await expect(start).toHaveAccessibleDescription(/No key for fal/);
  await dialog.getByRole('radio', { name: /^Refused \(36\)/ }).click();
  await expect(dialog.getByRole('listitem').first()).toContainText('Refused: No key for fal');
  await dialog.getByRole('button', { name: 'Keys…' }).click();
  await expect(page.getByRole('tab', { name: /^fal/ })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog.getByRole('button', { name: 'Keys…' })).toBeFocused();
  await shown('start-refused');

  await dialog.getByLabel('Engine').selectOption('embedded');
  await expect(dialog.getByRole('radio', { name: 'Refused (0)' })).toBeVisible();
  await dialog.getByRole('radio', { name: 'Chosen shots…' }).click();
  await dialog.getByLabel('Shots by number').fill('2-3');
  await expect(dialog.getByText('6 lines')).toBeVisible();
  await dialog.getByRole('checkbox', { name: /SH005/ }).click({ modifiers: ['Shift'] });
  await expect(dialog.getByLabel('Shots by number')).toHaveValue('2-3, 5');
  const whole = await dialog.boundingBox();
  await dialog.getByLabel('Cap in US dollars').fill('0');
  await expect(dialog.getByText(/Give the cap in dollars/)).toBeVisible();
  await expect(start).toBeDisabled();
  // nothing moves under the pointer while a number is typed
  expect(await dialog.boundingBox()).toEqual(whole);
  await page.keyboard.press('Escape');
});

test('a rehearsal starts from the dialog, brings takes to the screen and leads back', async () => {
  const before = readFileSync(join(app.folder, 'project.json'), 'utf8');
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog', { name: 'Start batch' });
  await dialog.getByRole('radio', { name: 'Chosen shots…' }).click();
  await dialog.getByLabel('Shots by number').fill('1-2');
  await dialog.getByLabel('Engine').selectOption('fal');
  await dialog.getByRole('checkbox', { name: 'Keyframe' }).uncheck();
  await dialog.getByRole('checkbox', { name: 'Video' }).uncheck();
  await dialog.getByRole('button', { name: 'Rehearse…' }).click();
  await page.getByRole('menuitem', { name: /A calm night/ }).click();

  const banner = page.getByRole('region', { name: 'Rehearsal' });
  await expect(banner).toContainText('Nothing is spent');
  await expect(page).toHaveTitle(/^REHEARSAL/);
  await expect(page.getByLabel('Spend against cap')).toContainText('Play money');
  const dailies = new Dailies(page);
  await dailies.waitForReviews(2, 120_000);
  await dailies.shot('SH001').click();
  await expect(dailies.takes().first()).toContainText('Rehearsal');
  await shown('rehearsal');
  await page.setViewportSize({ width: 2560, height: 1440 });
  await shown('rehearsal-wide');
  await page.setViewportSize({ width: 1440, height: 900 });
  // the production's provider has not heard of it
  expect(await simulator.bill()).toEqual([]);

  await banner.getByRole('button', { name: /^Back to Last Car/ }).click();
  await expect(banner).toBeHidden();
  await expect(page).not.toHaveTitle(/REHEARSAL/);
  expect(readFileSync(join(app.folder, 'project.json'), 'utf8')).toBe(before);

  await page.getByRole('button', { name: 'Project', exact: true }).click();
  await page.getByRole('menuitem', { name: /rehearsal 1/ }).click();
  await banner.getByRole('button', { name: 'Remove rehearsal…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('Rehearsal removed')).toBeVisible();
  await expect(banner).toBeHidden();
  expect(troubles).toEqual([]);
});
