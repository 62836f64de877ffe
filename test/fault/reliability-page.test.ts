import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { killPointTable } from './attempt-table.ts';

const page = new URL('../../docs/RELIABILITY.md', import.meta.url);

it('docs/RELIABILITY.md has the table of kill points as it is', async () => {
  expect(readFileSync(page, 'utf8')).toContain(`\n${await killPointTable()}\n`);
});
