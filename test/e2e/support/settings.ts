/** Settings as a director uses them: opened with the comma key. */
import { expect, type Locator, type Page } from '@playwright/test';

export class SettingsPage {
  readonly page: Page;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole('dialog', { name: 'Settings' });
  }

  async open() {
    await this.page.keyboard.press(',');
    await expect(this.dialog).toBeVisible();
  }

  async close() {
    await this.page.keyboard.press('Escape');
    await expect(this.dialog).toBeHidden();
  }

  async choose(name: RegExp) {
    await this.dialog.getByRole('tab', { name }).click();
  }

  state(title: string) {
    return this.dialog.getByRole('status', { name: `State of ${title}` });
  }

  /** Types a key and stores it with Enter alone. */
  async enterKey(key: string) {
    const field = this.dialog.getByLabel(/^(Key|Another key in its place)$/);
    await expect(field).toHaveValue('');
    await field.fill(key);
    await field.press('Enter');
  }
}
