import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProjectPaths, type OwnerPaths } from '../../../src-main/projects/project-paths.ts';

let parent: string;
let root: string;
let paths: OwnerPaths;
beforeAll(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'circletake-paths-')));
  root = join(parent, 'proj');
  mkdirSync(join(root, 'output', 'EP001', 'SH001'), { recursive: true });
  mkdirSync(join(parent, 'proj-evil'));
  writeFileSync(join(parent, 'proj-evil', 'secret.txt'), 'secret');
  symlinkSync(join(parent, 'proj-evil'), join(root, 'output', 'way-out'));
  symlinkSync(join(parent, 'proj-evil', 'secret.txt'), join(root, 'output', 'secret.png'));
  symlinkSync(join(parent, 'proj-evil', 'not-there.png'), join(root, 'output', 'dangling.png'));
  symlinkSync(join(root, 'output', 'EP001'), join(root, 'output', 'way-in'));
  paths = createProjectPaths(root);
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const refused = expect.objectContaining({ code: 'path.outside-project' });

it('say which folder is not there', () => {
  const open = () => createProjectPaths(join(parent, 'nowhere'));
  expect(open).toThrow(
    expect.objectContaining({ code: 'project.not-found', message: expect.stringContaining('nowhere') }),
  );
});

describe('paths of a project', () => {
  it.each([
    '',
    '..',
    '../proj-evil/secret.txt',
    'output/../../proj-evil/secret.txt',
    '/etc/passwd',
    'output/way-out/secret.txt',
    'output/way-out/not-there-yet.png',
    'output/way-out/deep/er/not-there.png',
    'output/secret.png',
    'output/dangling.png',
    'output\\..\\..\\x',
    'out\0put',
  ])('refuse %j', (path) => {
    expect(() => paths.resolve(path)).toThrow(refused);
  });

  it.each(['output/EP001/SH001/a.png', 'output/way-in/SH001/a.png', 'not/there/yet.png', 'a..b', '..a', 'über/📽.mp4'])(
    'answer %j inside',
    (path) => {
      expect(paths.resolve(path).startsWith(root + sep)).toBe(true);
      expect(paths.relativeTo(paths.resolve(path))).toBe(path);
    },
  );

  it('lead nowhere else, whatever they are made of', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '',
        '~',
        '%2e%2e',
        'output',
        'way-out',
        'proj-evil',
        'CON',
        'aux.txt',
        '\u202e',
        '\0',
        '\\',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const path = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('/'));
    fc.assert(
      fc.property(path, (given) => {
        let answer: string;
        try {
          answer = paths.resolve(given);
        } catch (error) {
          expect(error).toEqual(refused);
          return;
        }
        expect(resolve(answer)).toBe(answer);
        expect(answer === root || answer.startsWith(root + sep)).toBe(true);
        expect(`${answer}${sep}`.startsWith(join(root, 'output', 'way-out') + sep)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('are made only of ids that fit their pattern', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        fc.pre(!/^EP\d{3}(_SH\d{3,4}[A-Z]?)?$/.test(id));
        expect(() => paths.shotFolder(id)).toThrow();
        expect(() => paths.relativeTakePath(id, 1, 'video', '.mp4')).toThrow();
        expect(() => paths.manifestPath(id)).toThrow();
        expect(() => paths.selectsFolder(id)).toThrow();
      }),
    );
    for (const extension of ['', 'mp4', '.mp4/..', '.MP4', '.', '.a b']) {
      expect(() => paths.relativeTakePath('EP001_SH001', 1, 'video', extension)).toThrow();
    }
    for (const number of [0, -1, 1.5, Number.NaN]) {
      expect(() => paths.relativeTakePath('EP001_SH001', number, 'video', '.mp4')).toThrow();
    }
    expect(() => paths.temporaryPath('../x')).toThrow();
    expect(() => paths.batchFilePath('../x')).toThrow();
  });

  it('name takes as the contract says', () => {
    expect(paths.relativeTakePath('EP001_SH012', 3, 'keyframe', '.png')).toBe(
      'output/EP001/SH012/SH012_T3_keyframe.png',
    );
    expect(paths.relativeSidecarPath('output/EP001/SH012/SH012_T3_keyframe.png')).toBe(
      'output/EP001/SH012/SH012_T3_keyframe.json',
    );
    const slot = { subjectClass: 'char', subjectId: 'mara', kind: 'identity', view: 'front' } as const;
    expect(paths.relativePoolPath(slot, 'abcdef012345', '.png')).toBe(
      'assets/char/mara/base/pool/identity/front.abcdef012345.png',
    );
  });
});
