/** The main job from an empty production to twelve selects, in the built app, on the sample production. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import Database from 'better-sqlite3';
import { manifestSchema, provenanceRecordSchema } from '../../src-shared/domain/provenance.ts';
import { bannedWords } from '../../src-shared/phrases.ts';
import { type BuiltApp, copySample, makeWorld, startBuiltApp } from './support/built-app.ts';
import { Dailies } from './support/dailies.ts';
import { readPaintedFrames } from './support/painted-frame.ts';

test.setTimeout(600_000);

const world = makeWorld();
let app: BuiltApp;
test.beforeAll(async () => {
  app = await startBuiltApp(world.folder, copySample(world.folder));
});
test.afterAll(async () => {
  await app?.stop();
  world.remove();
});

const picture = { width: 720, height: 1280 };

function sha256Of(path: string): string {
  return `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}

test('previs, keyframes and videos of EP001 are made, approved by keyboard and handed off', async ({ page }) => {
  const troubles: string[] = [];
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(app.link);
  const dailies = new Dailies(page);
  await expect(dailies.shot('SH001')).toBeVisible();

  for (const phase of ['Previs', 'Keyframe', 'Video']) {
    await dailies.startBatch([phase]);
    await dailies.waitForReviews(12, 240_000);
    if (phase === 'Video') break;
    await dailies.approveWithKeys(12);
    await expect(page.getByText(/ needs? you/)).toBeHidden();
  }

  await test.step('a video plays and paints the frames that its counter names', async () => {
    await page.keyboard.press('Enter');
    await expect(page.getByText(/A · EP001_SH\d+_T\d+ · Video/)).toBeVisible();
    for (const frame of [0, 17, 41, 5]) {
      await dailies.goToFrame(frame);
      await expect.poll(() => readPaintedFrames(page, picture, 1)).toEqual([frame]);
      await expect(page.locator('canvas').first()).toHaveAttribute('data-painted-frame', String(frame));
    }
    await dailies.goToFrame(0);
    await page.keyboard.press('Space');
    await expect.poll(async () => (await readPaintedFrames(page, picture, 1))[0] ?? 0).toBeGreaterThan(12);
    await page.keyboard.press('Space');
  });

  await dailies.approveWithKeys(12);
  await expect(page.getByText('12/12 Stabilized')).toBeVisible();

  await test.step('nothing on the screen speaks of chat tools but what the author wrote', async () => {
    for (const tab of ['Recipe', 'Gates', 'History']) {
      await page.getByRole('tab', { name: tab }).click();
      let text = await page.locator('body').innerText();
      for (const written of authorsWords(app.folder)) text = text.replaceAll(written, '');
      expect(bannedWords.exec(text)).toBeNull();
    }
  });

  const output = join(app.folder, 'output');
  const selects = join(output, 'selects', 'EP001');
  await expect.poll(() => safeList(selects).length).toBe(12);
  const manifestPath = join(output, 'manifests', 'EP001_manifest.json');
  const approvedInManifest = () =>
    manifestSchema
      .parse(JSON.parse(readFileSync(manifestPath, 'utf8')))
      .takes.filter((take) => take.human_review?.decision === 'approved').length;
  await expect.poll(approvedInManifest).toBe(36);

  await test.step('manifests fit their schemas and every hash is the hash of its file', () => {
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(manifestPath, 'utf8')));
    expect(manifest.total_takes).toBe(36);
    const lines = readFileSync(join(output, 'manifests', 'provenance_manifest.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => provenanceRecordSchema.parse(JSON.parse(line)))).toEqual(manifest.takes);
    for (const take of manifest.takes) {
      expect(sha256Of(join(app.folder, take.media.path))).toBe(take.media.sha256);
      for (const ref of take.generation.refs_used) expect(sha256Of(join(app.folder, ref.path))).toBe(ref.hash);
      const sidecar = join(app.folder, take.media.path.replace(/\.\w+$/, '.json'));
      expect(provenanceRecordSchema.parse(JSON.parse(readFileSync(sidecar, 'utf8')))).toEqual(take);
    }
    const circled = manifest.takes.filter((take) => take.generation.phase === 'video');
    for (const name of safeList(selects)) {
      const take = circled.find((one) => one.take_id === name.replace(/\.\w+$/, ''));
      expect(sha256Of(join(selects, name))).toBe(take?.media.sha256);
    }
  });

  await test.step('the database says the same', () => {
    const database = new Database(join(app.folder, 'state', 'circletake.db'), { readonly: true });
    const count = (sql: string) => database.prepare(sql).pluck().get();
    expect(count('PRAGMA integrity_check')).toBe('ok');
    expect(count('SELECT count(*) FROM takes')).toBe(36);
    expect(count("SELECT count(*) FROM shot_phases WHERE state = 'stabilized'")).toBe(36);
    expect(count("SELECT count(*) FROM attempts WHERE state = 'settled'")).toBe(36);
    database.close();
  });
  expect(troubles).toEqual([]);
});

/** Every text of the plan, longest first. */
function authorsWords(folder: string): string[] {
  const words: string[] = [];
  JSON.parse(readFileSync(join(folder, 'plans', 'ep_001_plan.json'), 'utf8'), (_key, value: unknown) => {
    if (typeof value === 'string' && value.includes(' ')) words.push(value);
    return value;
  });
  return words.sort((a, b) => b.length - a.length);
}

/** What is there and whole. */
function safeList(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch {
    return [];
  }
}
