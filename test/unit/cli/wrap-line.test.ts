import { describe, expect, it } from 'vitest';
import { wrapLine } from '../../../src-main/cli/wrap-line.ts';

describe('a line at a terminal', () => {
  const line = '  EP001_SH004  T2 awaits your decision: the gates have nothing against it.';

  it('stays whole where it fits, and in a file or a pipe whatever its length', () => {
    expect(wrapLine(line, 80)).toEqual([line]);
    expect(wrapLine(line, undefined)).toEqual([line]);
    expect(wrapLine('', 80)).toEqual(['']);
  });

  it('goes on under where its words began', () => {
    expect(wrapLine(line, 40)).toEqual([
      '  EP001_SH004  T2 awaits your decision:',
      '               the gates have nothing',
      '               against it.',
    ]);
    expect(wrapLine('Nothing here is in columns at all, so it steps in.', 30)).toEqual([
      'Nothing here is in columns at',
      '  all, so it steps in.',
    ]);
  });

  it('never breaks a word: a path or an id is copied whole', () => {
    const path = `${'/a-very-long-folder'.repeat(4)}/take.mp4`;
    expect(wrapLine(`  T1  ${path} and its record`, 40)).toEqual([`  T1  ${path}`, '      and its record']);
    expect(wrapLine(path, 40)).toEqual([path]);
  });

  it('leaves JSON alone', () => {
    const json = `    "prompt": "${'word '.repeat(40)}"`;
    expect(wrapLine(json, 80)).toEqual([json]);
  });

  it('loses no word and fits wherever its words do', () => {
    const words = Array.from({ length: 60 }, (_, at) => 'x'.repeat(1 + (at % 11)));
    for (const columns of [40, 66, 80, 132]) {
      const wrapped = wrapLine(`  name  ${words.join(' ')}`, columns);
      expect(wrapped.join(' ').split(/\s+/).filter(Boolean)).toEqual(['name', ...words]);
      for (const each of wrapped) expect(each.length).toBeLessThanOrEqual(columns);
    }
  });
});
