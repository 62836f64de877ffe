import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { textOf } from './tracked-files.ts';

interface Row {
  number: number;
  tests: { file: string; title: string }[];
  /** files that a design is told by */
  designs: string[];
}

const rows = textOf('docs/DEFECTS.md')
  .split('\n')
  .flatMap((line): Row[] => {
    const cells = /^\| (\d+) \| .+? \| (.+) \|$/.exec(line);
    if (!cells) return [];
    const proofs = (cells[2] ?? '').split('<br>');
    const tests = proofs.flatMap((proof) => {
      const named = /^`([^`]+)` › (.+)$/.exec(proof);
      return named ? [{ file: named[1] ?? '', title: named[2] ?? '' }] : [];
    });
    const designs = proofs
      .filter((proof) => proof.startsWith('Design: '))
      .flatMap((proof) => [...proof.matchAll(/`([a-z-]+\/[^`]+)`/g)].map((match) => match[1] ?? ''));
    return [{ number: Number(cells[1]), tests, designs }];
  });

describe('the table of defects', () => {
  it('has all sixty-three, once each and in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 63 }, (_, index) => index + 1));
  });

  it.each(rows)('names for $number a test that is there, or a design', ({ tests, designs }) => {
    expect(tests.length + designs.length).toBeGreaterThan(0);
    for (const { file, title } of tests) {
      expect(existsSync(file), file).toBe(true);
      expect(titlesOf(file), `${file} › ${title}`).toContain(title);
    }
    for (const file of designs) expect(existsSync(file), file).toBe(true);
  });
});

/** Titles of a test file as they are written: templates of tables of cases unfilled. */
function titlesOf(file: string): string[] {
  const calls = textOf(file).matchAll(/(?:\b(?:it|test)(?:\.each)?|\)|\])\(\s*(['"`])((?:(?!\1).)+)\1\s*,/g);
  return [...calls].map((call) => call[2] ?? '');
}
