/** The Dailies room as a director uses it. */
import { expect, type Page } from '@playwright/test';

export class Dailies {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  shot(shortId: string) {
    return this.page.getByRole('listbox', { name: 'Shots' }).getByRole('option', { name: shortId });
  }

  takes() {
    return this.page.getByRole('listbox', { name: 'Takes' }).getByRole('option');
  }

  /** Start dialog with the phases named and no others; starts when the price is known. */
  async startBatch(phases: string[]) {
    await this.page.getByRole('button', { name: 'Start batch' }).first().click();
    const dialog = this.page.getByRole('dialog', { name: 'Start batch' });
    for (const phase of ['Previs', 'Keyframe', 'Video']) {
      await dialog.getByRole('checkbox', { name: phase }).setChecked(phases.includes(phase));
    }
    await dialog.getByRole('button', { name: 'Start Production' }).click();
    await expect(dialog).toBeHidden();
  }

  async waitForReviews(count: number, timeoutMs?: number) {
    await expect(this.page.getByText(new RegExp(`^${count} needs? you$`))).toBeVisible({ timeout: timeoutMs });
  }

  /** Approves `count` takes with the key A alone; the room moves to the next that needs a decision by itself. */
  async approveWithKeys(count: number) {
    await this.page.keyboard.press('Enter');
    for (let left = count; left > 0; left--) {
      await expect(this.page.getByRole('button', { name: /^Approve/ })).toBeEnabled();
      await this.page.keyboard.press('a');
      if (left > 1) await this.waitForReviews(left - 1);
    }
  }

  async goToFrame(frame: number) {
    await this.page.getByRole('button', { name: 'Frame on screen' }).click();
    const field = this.page.getByRole('textbox', { name: 'Go to a frame or timecode' });
    await field.fill(String(frame));
    await field.press('Enter');
  }
}
