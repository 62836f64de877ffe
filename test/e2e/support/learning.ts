/** The Learning room as a producer reads it. */
import type { Page } from '@playwright/test';

export class Learning {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open() {
    await this.page.keyboard.press('Alt+4');
  }

  panel(title: string) {
    return this.page.getByRole('region', { name: title });
  }

  /** A row of a table by the name at its left. */
  row(panel: string, name: string) {
    return this.panel(panel)
      .getByRole('row')
      .filter({ has: this.page.getByRole('rowheader', { name }) });
  }
}
