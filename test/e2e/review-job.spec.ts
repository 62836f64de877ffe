/** Decisions in the built app: compare, reroute, override, a better hero; each seen on the screen and on disk. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { provenanceRecordSchema } from '../../src-shared/domain/provenance.ts';
import { type BuiltApp, copySample, makeWorld, startBuiltApp } from './support/built-app.ts';
import { Dailies } from './support/dailies.ts';
import { readPaintedFrames } from './support/painted-frame.ts';
import { runCli } from './support/run-cli.ts';

test.setTimeout(600_000);
test.describe.configure({ mode: 'serial' });

const world = makeWorld();
const picture = { width: 720, height: 1280 };
const shots = 'EP001_SH002,EP001_SH003';
let app: BuiltApp;
let page: Page;
let dailies: Dailies;
const troubles: string[] = [];

test.beforeAll(async ({ browser }) => {
  test.setTimeout(600_000);
  const folder = copySample(world.folder);
  const data = join(world.folder, 'data');
  for (const phase of ['previs', 'keyframe', 'video']) {
    const scope = ['--episode', 'EP001', '--phase', phase];
    runCli(['run', folder, ...scope, '--shots', shots], { data, exitCodes: [3] });
    if (phase !== 'video') runCli(['approve', folder, ...scope, '--all'], { data });
  }
  app = await startBuiltApp(world.folder, folder);
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(app.link);
  dailies = new Dailies(page);
  await dailies.shot('SH002').click();
  await page.getByRole('button', { name: 'Stop the batch' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /Stop/ }).click();
  await expect(page.getByRole('button', { name: 'Start batch' })).toBeVisible();
});

test.afterAll(async () => {
  await page?.close();
  await app?.stop();
  world.remove();
});

test.afterEach(() => expect(troubles.splice(0)).toEqual([]));

function sha256Of(path: string): string {
  return `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}

function recordOf(takeId: string) {
  const shot = takeId.split('_')[1] ?? '';
  const folder = join(app.folder, 'output', 'EP001', shot);
  const name = readdirSync(folder).find((one) => one.startsWith(`${takeId.slice(6)}_`) && one.endsWith('.json'));
  return provenanceRecordSchema.parse(JSON.parse(readFileSync(join(folder, name ?? 'none'), 'utf8')));
}

/** Drops a file of this machine on a part of the page, as from the desktop. */
async function dropFile(target: Locator, path: string, type: string) {
  const content = readFileSync(path).toString('base64');
  const transfer = await page.evaluateHandle(
    ({ content, name, type }) => {
      const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], name, { type }));
      return data;
    },
    { content, name: path.split('/').at(-1) ?? 'file', type },
  );
  for (const event of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(event, { dataTransfer: transfer });
}

async function startBatchForShot(phase: string, shotId: string) {
  await page.getByRole('button', { name: 'Start batch' }).click();
  const dialog = page.getByRole('dialog', { name: 'Start batch' });
  await dialog.getByRole('radio', { name: shotId }).click();
  for (const one of ['Previs', 'Keyframe', 'Video']) {
    await dialog.getByRole('checkbox', { name: one }).setChecked(one === phase);
  }
  await dialog.getByRole('button', { name: 'Start Production' }).click();
  await expect(dialog).toBeHidden();
}

test('a rerouted shot is made again by the engine that was chosen', async () => {
  await dailies.shot('SH002').click();
  await expect(dailies.takes()).toHaveCount(3);
  await page.keyboard.press('3');
  await page.keyboard.press('t');
  const before = recordOf('EP001_SH002_T3').generation.workflow;
  const engines = page.getByRole('menuitem');
  await expect(engines.nth(1)).toBeVisible();
  await engines.nth(1).click();
  await dailies.shot('SH002').click();
  await startBatchForShot('Video', 'EP001_SH002');
  await expect(dailies.takes()).toHaveCount(4, { timeout: 120_000 });
  await expect.poll(() => safely(() => recordOf('EP001_SH002_T4').generation.workflow)).not.toBeNull();
  const made = recordOf('EP001_SH002_T4').generation.workflow;
  expect(made).not.toBe(before);
  await page.getByRole('option', { name: /^Take 4, Video/ }).click();
  await expect(page.getByRole('tabpanel').getByText(made ?? 'none', { exact: true })).toBeVisible();
});

test('two takes side by side paint the same frame after every seek and drag', async () => {
  await page.getByRole('option', { name: /^Take 3, Video/ }).click();
  await page.getByRole('option', { name: /^Take 4, Video/ }).click({ modifiers: ['Shift'] });
  await expect(page.locator('canvas[data-painted-frame]')).toHaveCount(2);
  let seed = 20_261_121;
  for (let seek = 0; seek < 30; seek++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const frame = seed % 96;
    await dailies.goToFrame(frame);
    await expect.poll(() => readPaintedFrames(page, picture, 2)).toEqual([frame, frame]);
  }
  const timeline = page.getByRole('slider', { name: 'Timeline' });
  const box = await timeline.boundingBox();
  if (!box) throw new Error('the timeline is not on the screen');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.2, y);
  await page.mouse.down();
  for (let step = 1; step <= 20; step++) {
    await page.mouse.move(box.x + box.width * (0.2 + step * 0.03), y);
    const [a, b] = await readPaintedFrames(page, picture, 2);
    expect(a).not.toBeNull();
    expect(b).toBe(a);
  }
  await page.mouse.up();
  await expect
    .poll(async () => {
      const [a, b] = await readPaintedFrames(page, picture, 2);
      const counter = await page.locator('canvas').first().getAttribute('data-painted-frame');
      return a !== null && a === b && String(a) === counter && (a ?? 0) > 60;
    })
    .toBe(true);
});

test('an own file dropped as an override is hashed, checked and circled', async () => {
  await dailies.shot('SH003').click();
  await expect(dailies.takes()).toHaveCount(3);
  await page.keyboard.press('3');
  const own = join(app.folder, 'output', 'EP001', 'SH002', 'SH002_T4_video.mp4');
  await page.keyboard.press('Alt+a');
  const dialog = page.getByRole('dialog', { name: /Override/ });
  await dropFile(dialog.getByLabel('Drop your own file or choose one'), own, 'video/mp4');
  await expect(dialog.getByText(sha256Of(own).slice(7, 19))).toBeVisible();
  await dialog.getByLabel('Reason, kept with the take').fill('The edit needs this one');
  await dialog.getByRole('button', { name: 'Use and approve' }).click();
  await expect(dialog).toBeHidden();
  const option = page.getByRole('option', { name: /Take 4, Video, Approved/ });
  await dailies.shot('SH003').click();
  await expect(option).toBeVisible();
  const select = join(app.folder, 'output', 'selects', 'EP001', 'EP001_SH003_T4.mp4');
  await expect.poll(() => safely(() => sha256Of(select))).toBe(sha256Of(own));
  const record = recordOf('EP001_SH003_T4');
  expect(record).toMatchObject({
    source: 'override',
    media: { sha256: sha256Of(own) },
    human_review: { decision: 'overridden', note: 'The edit needs this one' },
  });
});

test('a hero dropped on its slot is what the next take is made with, and old takes say so', async () => {
  await page
    .getByRole('button', { name: 'Refs' })
    .or(page.getByRole('link', { name: 'Refs' }))
    .first()
    .click();
  await page.getByRole('navigation', { name: 'Subjects' }).getByRole('button', { name: /Ines/ }).click();
  const candidate = join(app.folder, 'assets', 'char', 'ines', 'candidates', 'hero_in_cap.png');
  const slot = page.getByRole('article', { name: /front/i });
  await dropFile(slot, candidate, 'image/png');
  const dialog = page.getByRole('dialog', { name: /New hero/ });
  await expect(dialog.getByText(sha256Of(candidate).slice(7, 19)).first()).toBeVisible();
  await dialog.getByRole('button', { name: 'Promote' }).click();
  await expect(dialog).toBeHidden();

  await page
    .getByRole('button', { name: 'Dailies' })
    .or(page.getByRole('link', { name: 'Dailies' }))
    .first()
    .click();
  await dailies.shot('SH002').click();
  await expect(page.getByText('Old hero').first()).toBeVisible();
  await page.getByRole('option', { name: /^Take 4, Video/ }).click();
  await page.keyboard.press('x');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option', { name: /^Take 4, Video, Rejected/i })).toBeVisible();
  await dailies.shot('SH002').click();
  await expect(page.getByText('Queued').first()).toBeVisible();
  const running = page.getByRole('toolbar', { name: 'Batch' });
  if (!(await running.isVisible())) await startBatchForShot('Video', 'EP001_SH002');
  await expect(dailies.takes()).toHaveCount(5, { timeout: 120_000 });
  await expect.poll(() => safely(() => recordOf('EP001_SH002_T5').take_id)).toBe('EP001_SH002_T5');
  const record = recordOf('EP001_SH002_T5');
  expect(record.generation.refs_used.map((ref) => ref.hash)).toContain(sha256Of(candidate));
  expect(record.lineage).toMatchObject({ parent_take: 'EP001_SH002_T4' });
});

function safely<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
