import { describe, expect, test } from 'vitest';
import { findLines, sourceFiles, textOf, trackedFiles } from './tracked-files.ts';

const longestFile = 300;
const emptyNames = ['utils', 'helpers', 'misc', 'common'];
const thisFolder = 'test/policy/';

describe('the files of the repository', () => {
  test('have at most 300 lines', () => {
    const lineCount = (path: string) => textOf(path).trimEnd().split('\n').length;
    const tooLong = sourceFiles.map((path) => ({ path, lines: lineCount(path) }));
    expect(tooLong.filter(({ lines }) => lines > longestFile)).toEqual([]);
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
