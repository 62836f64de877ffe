import { describe, expect, test } from 'vitest';
import { findLines, sourceFiles, textOf, trackedFiles } from './tracked-files.ts';

const longestFile = 300;
/** a test file may list many cases of one thing */
const longestTest = 600;
const emptyNames = ['utils', 'helpers', 'misc', 'common'];
const thisFolder = 'test/policy/';

describe('the files of the repository', () => {
  test('have at most 300 lines, tests at most 600', () => {
    const lineCount = (path: string) => textOf(path).trimEnd().split('\n').length;
    const lengths = sourceFiles.map((path) => ({ path, lines: lineCount(path) }));
    const limitOf = (path: string) => (path.startsWith('test/') ? longestTest : longestFile);
    expect(lengths.filter(({ path, lines }) => lines > limitOf(path))).toEqual([]);
  });

  test('are never called index.ts', () => {
    expect(sourceFiles.filter((path) => /(^|\/)index\.tsx?$/.test(path))).toEqual([]);
  });

  test('lie in folders and have names that say what is in them', () => {
    const saysNothing = (part: string) => emptyNames.includes(part.replace(/\..*$/, ''));
    expect(trackedFiles.filter((path) => path.split('/').some(saysNothing))).toEqual([]);
  });

  test('have kebab-case names', () => {
    const isKebab = (path: string) => /^\.?[a-z0-9]+([-.][a-z0-9]+)*$/.test(path.split('/').at(-1) ?? '');
    expect(sourceFiles.filter((path) => !isKebab(path))).toEqual([]);
  });

  test('name no folder of the machine they were written on', () => {
    const searched = trackedFiles.filter((path) => !path.startsWith(thisFolder));
    expect(findLines(searched, /\/root\/|\/work\/(main|shared)/)).toEqual([]);
    // A test may make up somebody's folder to see what becomes of it.
    const shipped = searched.filter((path) => !path.startsWith('test/'));
    expect(findLines(shipped, /\/home\/[a-z]|\/Users\/[a-zA-Z]/)).toEqual([]);
  });

  test('hold no note to do something later', () => {
    const searched = sourceFiles.filter((path) => !path.startsWith(thisFolder));
    expect(findLines(searched, /\b(TODO|FIXME|XXX)\b/)).toEqual([]);
  });
});
