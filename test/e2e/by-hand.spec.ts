/** A take that a person makes: ordered by a batch, delivered in the Batches room, measured and reviewed like any other. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Batches } from './support/batches.ts';
import { copySample, makeWorld, startBuiltApp } from './support/built-app.ts';
import { Dailies } from './support/dailies.ts';
import { runCli } from './support/run-cli.ts';

test('a file that is delivered for an attempt made by hand becomes its take', async ({ page }) => {
  const world = makeWorld();
  const folder = copySample(world.folder);
  const scope = ['--episode', 'EP001', '--phase', 'previs', '--shots', 'EP001_SH001'];
  runCli(['run', folder, ...scope, '--provider', 'manual'], { data: join(world.folder, 'data'), exitCodes: [3] });
  const heroes = join(folder, 'assets', 'loc');
  const picture = readdirSync(heroes, { recursive: true, encoding: 'utf8' }).find((name) => /\.(png|jpg)$/.test(name));
  if (!picture) throw new Error('the sample has no picture of a location');
  const app = await startBuiltApp(world.folder, folder);
  const batches = new Batches(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(app.link);
  await expect(new Dailies(page).shot('SH001')).toBeVisible();
  await batches.open();
  await batches.shot('SH001').click();
  const place = batches.panel().getByRole('button', { name: 'Deliver the file of this attempt' });
  await expect(place).toBeVisible({ timeout: 30_000 });

  const choosing = page.waitForEvent('filechooser');
  await place.click();
  await (await choosing).setFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await expect(batches.panel().getByRole('alert')).toBeVisible({ timeout: 30_000 });

  const choosingAgain = page.waitForEvent('filechooser');
  await place.click();
  await (await choosingAgain).setFiles(join(heroes, picture));
  await expect(place).toBeHidden({ timeout: 60_000 });
  await expect(batches.panel().getByText('Settled · T1')).toBeVisible({ timeout: 60_000 });

  await app.stop();
  world.remove();
});
