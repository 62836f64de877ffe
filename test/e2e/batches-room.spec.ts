/** A batch that goes wrong in every way, followed and settled in the Batches room of the built app. */
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import Database from 'better-sqlite3';
import { bannedWords } from '../../src-shared/phrases.ts';
import { Batches } from './support/batches.ts';
import { type BuiltApp, makeWorld, startBuiltApp } from './support/built-app.ts';
import { Dailies } from './support/dailies.ts';
import { copyFaultySample, type FaultyPrevis, openPage } from './support/faulty-sample.ts';

test.describe.configure({ mode: 'serial' });

const world = makeWorld();
let app: BuiltApp;
let page: Page;
let batches: Batches;
let listTop: number | undefined;
const troubles: string[] = [];

const faults: FaultyPrevis[] = [
  [1, 1, 'dropped-several'],
  [2, 1, 'dropped-unlisted'],
  // waits of 5, 10, 20, 40 and 80 seconds: there is one to be ended however late the page shows it
  ...([1, 2, 3, 4, 5] as const).map((submit): FaultyPrevis => [3, submit, 'not-sent']),
  [4, 1, 'black'],
  [5, 1, 'rejected'],
  [6, 1, 'content-filter'],
  [7, 1, 'dropped-unlisted'],
];

test.beforeAll(async ({ browser }) => {
  app = await startBuiltApp(world.folder, copyFaultySample(world.folder, faults));
  page = await openPage(browser, app.link, troubles);
  batches = new Batches(page);
});
test.afterAll(async () => {
  await page?.close();
  await app?.stop();
  world.remove();
});

function query(sql: string): unknown[] {
  const database = new Database(join(app.folder, 'state', 'circletake.db'), { readonly: true });
  try {
    return database.prepare(sql).raw().all();
  } finally {
    database.close();
  }
}

test('says what the room is for while no batch has been started', async () => {
  await expect(new Dailies(page).shot('SH001')).toBeVisible();
  await batches.open();
  await expect(page.getByText('No batch has been started')).toBeVisible();
});

test('shows every shot of a running batch, its waits with a countdown, and ends one wait', async () => {
  await new Dailies(page).startBatch(['Previs']);
  await expect(batches.list().getByRole('option')).toHaveCount(12);
  const waits = page.getByRole('region', { name: 'Waiting for another try' });
  listTop = (await batches.list().boundingBox())?.y;
  await expect(waits.getByRole('listitem').filter({ hasText: 'SH003' })).toContainText(/0:\d\d/);
  await waits.getByRole('button', { name: 'Cancel SH003 Previs' }).click();
  await batches.explains(
    'SH003',
    /EP001_SH003: Previs awaits you after \d attempts?: .* ended the wait for another try\./,
  );
  await expect(waits.getByText('SH003')).toBeHidden();
});

test('explains in a sentence how each shot came to where it is', async () => {
  await batches.explains('SH005', 'Halted at Previs after 1 attempt: the engine refused the request (rehearsal).');
  await batches.explains('SH006', /EP001_SH006: Previs awaits you after 1 attempt: the engine refused the prompt/);
  await batches.explains(
    'SH004',
    /EP001_SH004: T2 \(Previs\) awaits your decision after 2 attempts: .*; the first was refused by gate 1 \(.*black/,
  );
  await batches.explains('SH012', /EP001_SH012: T1 \(Previs\) awaits your decision after 1 attempt/);
  // whatever the figures above came to say, no row has moved
  expect((await batches.list().boundingBox())?.y).toBe(listTop);
});

test('tells a shot’s attempts step by step, what was sent by hash, and its log in order', async () => {
  await batches.list().focus();
  await page.keyboard.press('Home');
  for (const _ of [2, 3, 4]) await page.keyboard.press('ArrowDown');
  await expect(batches.shot('SH004')).toHaveAttribute('aria-selected', 'true');
  const panel = batches.panel();
  await expect(panel.getByRole('heading', { name: 'EP001_SH004' })).toBeVisible();
  await expect(panel.getByRole('list', { name: 'Attempts' }).getByRole('button', { name: /^Previs \d/ })).toHaveCount(
    2,
  );
  const steps = panel.getByRole('list', { name: 'Steps of the attempt' }).getByRole('listitem');
  await expect(steps).toHaveText([
    /^Recorded, money reserved/,
    /^Sending began/,
    /^Taken by the engine.*emb_att_/,
    /^File in place/,
    /^Settled with its take.*EP001_SH004_T2/,
  ]);
  const sent = panel.getByRole('region', { name: 'What was sent' });
  await expect(sent).toContainText('$0.04 reserved, $0.04 billed');
  await expect(sent.getByText(/^sha256:[0-9a-f]{64}$/).first()).toBeVisible();

  await panel.getByRole('radio', { name: 'Log' }).click();
  const log = panel.getByRole('list', { name: 'Log of the shot' }).getByRole('listitem');
  await expect(log.filter({ hasText: 'T1 audited: Audit rejected.' })).toBeVisible();
  await expect(log.filter({ hasText: 'Attempt 2 was recorded for' })).toContainText('because: Gate 1 · Mechanical');
  const times = await log.locator('time').evaluateAll((all) => all.map((one) => one.getAttribute('datetime') ?? ''));
  expect(times).toEqual(times.toSorted());
});

test('a station’s number filters the list to the shots that stand there', async () => {
  await page.getByRole('button', { name: 'Previs Halted: 1' }).click();
  await expect(batches.list().getByRole('option')).toHaveCount(1);
  await expect(batches.shot('SH005')).toBeVisible();
  await page.getByRole('button', { name: 'Previs Halted: 1' }).click();
  await expect(batches.list().getByRole('option')).toHaveCount(12);
});

test('an attempt in doubt is adopted from what its engine lists: one take, billed once', async () => {
  await expect(page.getByRole('img', { name: '3 attempts in doubt' })).toBeVisible();
  await batches.showDoubts();
  const doubt = batches.doubt('SH001 Previs, attempt 1');
  await expect(doubt).toContainText('$0.04 held');
  const listing = doubt.getByRole('region', { name: 'What the engine lists' });
  await expect(listing).toContainText('The engine lists several jobs that may be it');
  await doubt.getByRole('button', { name: 'Ask now' }).click();
  await expect(doubt.getByRole('listitem').filter({ hasText: 'Engine asked what it lists · ' })).toBeVisible();
  const [[attemptId]] = query("SELECT id FROM attempts WHERE shot_id = 'EP001_SH001'") as [[string]];
  await doubt.getByRole('radio', { name: new RegExp(`emb_${attemptId}`) }).check();
  // twice, as an impatient hand does: it is said once
  await doubt.getByRole('button', { name: 'Adopt' }).dblclick();
  await expect(doubt).toBeHidden();
  expect(query(`SELECT count(*) FROM attempt_steps WHERE attempt_id = '${attemptId}' AND kind = 'adopted'`)).toEqual([
    [1],
  ]);
  await batches.showBatch();
  await batches.explains('SH001', /EP001_SH001: T1 \(Previs\) awaits your decision after 1 attempt/);
  expect(query("SELECT state, actual_micro_usd FROM attempts WHERE shot_id = 'EP001_SH001'")).toEqual([
    ['settled', 40_000],
  ]);
});

test('one that was never charged gives its money back and its shot is made again', async () => {
  await batches.showDoubts();
  const doubt = batches.doubt('SH002 Previs, attempt 1');
  await expect(doubt).toContainText('This engine cannot be asked');
  await doubt.getByRole('button', { name: 'Wait' }).click();
  await expect(doubt.getByRole('listitem').filter({ hasText: 'Decided to wait' })).toBeVisible();
  await doubt.getByRole('button', { name: 'Never charged' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave it in doubt' }).click();
  await doubt.getByRole('button', { name: 'Never charged' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Never charged' }).click();
  await expect(doubt).toBeHidden();
  await batches.showBatch();
  await batches.explains(
    'SH002',
    /EP001_SH002: T1 \(Previs\) awaits .* after 2 attempts: .*; the first was in doubt and never charged/,
  );
  const billed = query("SELECT state, actual_micro_usd FROM attempts WHERE shot_id = 'EP001_SH002' ORDER BY number");
  expect(billed).toEqual([
    ['failed', 0],
    ['settled', 40_000],
  ]);
});

test('what is told stays over a restart, and the batch goes on from the room', async () => {
  await page.getByRole('button', { name: 'Pause', exact: true }).press('Enter');
  const resume = page.getByRole('region', { name: /^Batch/ }).getByRole('button', { name: 'Resume' });
  await expect(resume).toBeFocused();
  await expect(batches.shot('SH007')).toContainText('SH007In doubt');
  await app.stop();
  app = await startBuiltApp(world.folder, app.folder);
  await page.goto(app.link);
  await expect(new Dailies(page).shot('SH001')).toBeVisible();
  await batches.open();
  await expect(page.getByRole('img', { name: '1 attempt in doubt' })).toBeVisible();
  await batches.explains('SH007', 'Previs is in doubt: attempt 1 may be with embedded, and $0.04 is held.');
  await batches.shot('SH001').click();
  const steps = batches.panel().getByRole('list', { name: 'Steps of the attempt' });
  await expect(steps.getByRole('listitem').filter({ hasText: 'Job adopted' })).toBeVisible();
  await resume.press('Enter');
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
});

test('nothing in the room speaks of chat tools, and the console is silent', async () => {
  const wordsOf = async () =>
    (await page.locator('main').innerText()).replaceAll(/The amber backlight failing|failing/g, '');
  expect(bannedWords.exec(await wordsOf())).toBeNull();
  await batches.showDoubts();
  expect(bannedWords.exec(await wordsOf())).toBeNull();
  expect(troubles.filter((text) => !text.includes('ERR_'))).toEqual([]);
});
