import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** The files that git knows, without those that are deleted and not yet committed. */
export const trackedFiles = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));

export const sourceFiles = trackedFiles.filter((path) => /\.(ts|tsx|mts|mjs|css)$/.test(path));

/** A tracked file's text; empty for a picture or a clip. */
export function textOf(path: string) {
  const bytes = readFileSync(join(root, path));
  return bytes.includes(0) ? '' : bytes.toString('utf8');
}

/** Where a pattern occurs in the files, as `path:line`. */
export function findLines(paths: string[], pattern: RegExp) {
  return paths.flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}
