import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { findLines, root, textOf, trackedFiles } from './tracked-files.ts';

interface LockedPackage {
  version?: string;
  integrity?: string;
  resolved?: string;
  inBundle?: boolean;
  optionalDependencies?: Record<string, string>;
}

const manifest = JSON.parse(textOf('package.json'));
const lock: Record<string, LockedPackage> = JSON.parse(textOf('package-lock.json')).packages;
const lockedPackages = Object.entries(lock).filter(([path]) => path !== '');

describe('the packages', () => {
  test('are asked for in exact versions', () => {
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    expect(Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)))).toEqual(
      [],
    );
  });

  test('are locked with a version and a hash, and without the address of a registry', () => {
    // A package that lies inside another one is covered by the other's hash.
    const isLocked = ({ version, integrity, inBundle, resolved }: LockedPackage) =>
      version && (integrity || inBundle) && !resolved;
    expect(lockedPackages.filter(([, entry]) => !isLocked(entry)).map(([path]) => path)).toEqual([]);
  });

  test('are locked for every platform, or npm ci refuses the lock file', () => {
    const missing = lockedPackages.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLockedFor(path, name)),
    );
    expect(missing).toEqual([]);
  });

  test('that ship are listed with their licences', () => {
    const check = () => execFileSync(process.execPath, ['scripts/write-notices.mjs', '--check'], { cwd: root });
    expect(check).not.toThrow();
  });

  test('come from no registry that the repository names', () => {
    expect(findLines(trackedFiles, /registry\.(npmjs|yarnpkg|npmmirror)\./)).toEqual([]);
  });
});

/** Whether the lock file has an entry for a package, where Node would look for it from the one that wants it. */
function isLockedFor(path: string, name: string): boolean {
  if (`${path}/node_modules/${name}` in lock) return true;
  const parent = path.lastIndexOf('/node_modules/');
  return parent > 0 ? isLockedFor(path.slice(0, parent), name) : `node_modules/${name}` in lock;
}
