/** The Batches room as a producer uses it. */
import { expect, type Page } from '@playwright/test';

export class Batches {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open() {
    await this.page.keyboard.press('Alt+3');
  }

  list() {
    return this.page.getByRole('listbox', { name: 'Shots of the batch' });
  }

  /** A row; its name ends with the sentence that explains the shot. */
  shot(shortId: string) {
    return this.list().getByRole('option', { name: `EP001_${shortId}:` });
  }

  panel() {
    return this.page.getByRole('complementary', { name: 'Shot' });
  }

  doubt(name: string) {
    return this.page.getByRole('article', { name });
  }

  async showDoubts() {
    await this.page
      .getByRole('navigation', { name: 'Batches' })
      .getByRole('button', { name: /^In doubt/ })
      .click();
  }

  async showBatch() {
    await this.page.getByRole('navigation', { name: 'Batches' }).getByRole('button', { name: /EP001/ }).first().click();
  }

  async explains(shortId: string, sentence: string | RegExp) {
    const name = typeof sentence === 'string' ? `EP001_${shortId}: ${sentence}` : sentence;
    await expect(this.list().getByRole('option', { name })).toBeVisible();
  }
}
