/** The Learning room in the built app: empty, filling by itself while a rehearsed batch runs, and told of decisions. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { sharedLearningsSchema } from '../../src-shared/domain/learning-report.ts';
import { bannedWords } from '../../src-shared/phrases.ts';
import { type BuiltApp, copySample, makeWorld, startBuiltApp } from './support/built-app.ts';
import { Dailies } from './support/dailies.ts';
import { Learning } from './support/learning.ts';

const world = makeWorld();
let app: BuiltApp;
test.beforeAll(async () => {
  const folder = copySample(world.folder);
  const fault = (shot: number, submit: number, name: string) => ({
    ...{ shot_id: `EP001_SH${String(shot).padStart(3, '0')}`, phase: 'previs', submit, fault: name },
  });
  // seven shots that the mechanical gate never passes, one that it passes at the second take, one that has to wait its turn
  const hopeless = Array.from({ length: 7 }, (_, shot) =>
    [1, 2, 3, 4].map((submit) => fault(shot + 1, submit, 'black')),
  );
  const faults = [...hopeless.flat(), fault(11, 1, 'black'), fault(12, 1, 'rate-limit')];
  const rehearsal = { schema_version: 'circletake.rehearsal.v1', price_micro_usd: 40_000, faults };
  writeFileSync(join(folder, 'rehearsal.json'), JSON.stringify(rehearsal));
  // small pictures: what is looked at here are figures
  const projectFile = join(folder, 'project.json');
  const project = JSON.parse(readFileSync(projectFile, 'utf8'));
  writeFileSync(projectFile, JSON.stringify({ ...project, resolution: { width: 180, height: 320 } }));
  app = await startBuiltApp(world.folder, folder);
});
test.afterAll(async () => {
  await app?.stop();
  world.remove();
});

test('fills by itself, tells every rate with its denominator, and shares what is clear', async ({ page }) => {
  const troubles: string[] = [];
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(app.link);
  const dailies = new Dailies(page);
  const learning = new Learning(page);
  await expect(dailies.shot('SH001')).toBeVisible();

  await test.step('before anything is judged it says so', async () => {
    await learning.open();
    await expect(page.getByText('Nothing learned yet')).toBeVisible();
  });

  await test.step('while a batch runs it fills without being touched', async () => {
    await dailies.startBatch(['Previs']);
    await expect(page.getByText('34 attempts judged')).toBeVisible({ timeout: 240_000 });
    const engine = learning.panel('Passed the gates, by engine').getByRole('row').nth(1);
    await expect(engine).toContainText('5 of 34');
    await expect(engine.getByRole('img', { name: /5 of 34 \(15 %, 6–30 %\)/ })).toBeVisible();
    await expect(learning.row('Repeats, by cause', 'Audit rejected: mechanical')).toContainText('1 of 22');
    await expect(learning.row('Repeats, by cause', 'Provider out of reach')).toContainText('1 of 1');
    await expect(learning.row('Time at each station', 'Auditing · Previs')).toContainText('34');
  });

  await test.step('what is clear is shared from the keyboard, once', async () => {
    const suggestions = learning.panel('Suggestions').getByRole('listitem');
    await expect(suggestions).toContainText(['1 of 22 (5 %, 1–22 %)']);
    await page.getByRole('button', { name: 'Share with all projects' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Shared with all projects' })).toBeDisabled();
    await expect(learning.panel('Known to all projects').getByRole('listitem')).toHaveCount(await suggestions.count());
    const file = readFileSync(join(world.folder, 'data', 'learnings.json'), 'utf8');
    expect(sharedLearningsSchema.parse(JSON.parse(file)).findings).toHaveLength(await suggestions.count());
  });

  await test.step('a decision in Dailies is in the room when one comes back', async () => {
    await page.keyboard.press('Alt+1');
    for (const [shot, take] of [
      ['SH012', 'EP001_SH012_T1'],
      ['SH011', 'EP001_SH011_T2'],
      ['SH001', 'EP001_SH001_T1'],
    ] as const) {
      await dailies.shot(shot).click();
      await dailies
        .takes()
        .filter({ hasText: new RegExp(`T${take.at(-1)}`) })
        .first()
        .click();
      await expect(page.getByText(new RegExp(`A · ${take}`))).toBeVisible();
      await page.keyboard.press('a');
      await expect(dailies.shot(shot)).toHaveAccessibleName(/Approved|Stabilized/);
    }
    await learning.open();
    await expect(page.getByText('3 decisions by people, 1 against a gate')).toBeVisible();
    const gates = learning.row('Gates against people', 'Gate 1 · Mechanical');
    await expect(gates.filter({ hasText: 'people rejected' })).toContainText('0 of 2');
    await expect(gates.filter({ hasText: 'people approved' })).toContainText('1 of 1');
    await expect(learning.row('Cost of approved work', 'Previs')).toContainText('3 stills');
    await expect(learning.panel('Happy accidents')).toContainText('EP001_SH001_T1');
  });

  await test.step('a happy accident leads to its take', async () => {
    await page.getByRole('button', { name: 'EP001_SH001_T1' }).click();
    await expect(page.getByText(/A · EP001_SH001_T1/)).toBeVisible();
    await learning.open();
  });

  await test.step('the whole room is reached without a mouse and speaks as the floor does', async () => {
    const room = page.getByRole('main', { name: 'Learning' });
    await room.focus();
    await page.keyboard.press('End');
    await expect(learning.panel('Known to all projects')).toBeInViewport();
    expect(bannedWords.exec(await page.locator('body').innerText())).toBeNull();
  });

  expect(troubles).toEqual([]);
});
