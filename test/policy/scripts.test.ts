import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { textOf } from './tracked-files.ts';

const commands = ['start', 'test', 'dev', 'cli', 'bench', 'build', 'simulate'];

describe('the scripts', () => {
  test.each(commands)('npm run %s begins without any package: on a fresh machine there is none yet', (command) => {
    const foreign = importsOf(`scripts/${command}.mjs`).filter((name) => !name.startsWith('node:'));
    expect(foreign).toEqual([]);
  });

  test('CI runs what a person runs', () => {
    expect(textOf('.ci/run')).toContain('npm test');
  });
});

/** Everything but our own files that a script imports, directly or through them. */
function importsOf(path: string, seen = new Set<string>()): string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const names = [...textOf(path).matchAll(/^(?:import|export) [^;]*?from '([^']+)'|^import '([^']+)'/gm)];
  return names.flatMap(([, from, bare]) => {
    const name = from ?? bare ?? '';
    return name.startsWith('.') ? importsOf(join(path, '..', name), seen) : [name];
  });
}
