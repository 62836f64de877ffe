/** A production of 400 shots and 10,000 takes: the lists are whole to scroll through and only what is seen is in the page. */
import { expect, type Locator, test } from '@playwright/test';
import type { MadeProject } from '../fixtures/make-project.ts';
import { seedTakes } from '../fixtures/seed-takes.ts';
import { type BuiltApp, makeWorld, startBuiltApp } from './support/built-app.ts';
import { Dailies } from './support/dailies.ts';

const world = makeWorld();
let project: MadeProject;
let app: BuiltApp;
test.beforeAll(async () => {
  project = await seedTakes({ shots: 400, takesPerShot: 25, files: false });
  app = await startBuiltApp(world.folder, project.dir);
});
test.afterAll(async () => {
  await app?.stop();
  project?.remove();
  world.remove();
});

/** Scrolls the nearest scrolling box around a list to its end. */
function scrollToEnd(list: Locator): Promise<void> {
  return list.evaluate((element) => {
    for (let box: Element | null = element; box; box = box.parentElement) {
      if (box.scrollHeight > box.clientHeight + 1) box.scrollTop = box.scrollHeight;
      if (box.scrollWidth > box.clientWidth + 1) box.scrollLeft = box.scrollWidth;
    }
  });
}

test('the last of 400 shots and the last of its takes are a scroll away', async ({ page }) => {
  await page.goto(app.link);
  const dailies = new Dailies(page);
  const shots = page.getByRole('listbox', { name: 'Shots' });
  await expect(dailies.shot('SH001')).toBeVisible();
  await expect(page.getByText('400 shots')).toBeVisible();
  expect(await shots.getByRole('option').count()).toBeLessThan(80);

  await scrollToEnd(shots);
  await expect(dailies.shot('SH400')).toBeVisible();
  expect(await shots.getByRole('option').count()).toBeLessThan(80);

  await dailies.shot('SH400').click();
  await expect(
    page
      .getByRole('option', { name: /^Take 25,/ })
      .or(page.getByRole('option', { name: /^Take 1,/ }))
      .first(),
  ).toBeVisible();
  await scrollToEnd(page.getByRole('listbox', { name: 'Takes' }));
  await expect(page.getByRole('option', { name: /^Take 25,/ })).toBeVisible();
  expect(await dailies.takes().count()).toBeLessThan(26);
});
