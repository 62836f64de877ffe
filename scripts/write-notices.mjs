// npm run notices: writes THIRD-PARTY-NOTICES.md from what package-lock.json says of the packages that ship with the
// app. `-- --check` writes nothing and fails when the file is not as it would be written.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from './repository.mjs';
import { runScript, SetupError, say } from './say.mjs';

/** @typedef {{ name: string, version: string, license: string, optional: boolean }} ShippedPackage */

const noticesPath = inRoot('THIRD-PARTY-NOTICES.md');

await runScript(async () => {
  const lock = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
  const text = noticesText(shippedPackages(lock));
  if (process.argv.includes('--check')) {
    if (existsSync(noticesPath) && readFileSync(noticesPath, 'utf8') === text) return 0;
    throw new SetupError('THIRD-PARTY-NOTICES.md is not up to date. Run: npm run notices');
  }
  writeFileSync(noticesPath, text);
  say('Wrote THIRD-PARTY-NOTICES.md.');
  return 0;
});

/**
 * Every package of the lock file that is not only for development, and Electron, which a desktop build contains.
 * @param {{ packages: Record<string, any> }} lock
 * @returns {ShippedPackage[]}
 */
function shippedPackages({ packages }) {
  const shipped = Object.entries(packages).filter(
    ([path, entry]) => path !== '' && ((!entry.dev && !entry.devOptional) || path === 'node_modules/electron'),
  );
  const unique = new Map();
  for (const [path, { version, license, optional }] of shipped) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    unique.set(`${name}@${version}`, {
      name,
      version,
      license: license ?? 'see its licence file',
      optional: !!optional,
    });
  }
  return [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** @param {ShippedPackage[]} shipped */
function noticesText(shipped) {
  const rows = shipped.map(({ name, version, license, optional }) => {
    return `| ${name} | ${version} | ${license}${optional ? ' (optional)' : ''} |`;
  });
  return [
    '# Third-party notices',
    '',
    'Circletake is MIT licensed (LICENSE). It is built on the packages below; each keeps its own licence, whose text is in',
    'its folder under node_modules. Optional packages are installed only on the platforms they are made for.',
    'This file is written by `npm run notices`.',
    '',
    'ffmpeg is run as a program of its own and is not part of Circletake. Builds of it are under the LGPL or the GPL.',
    'sharp carries libvips, which is under the LGPL-3.0-or-later and is loaded as a shared library.',
    '',
    '| Package | Version | Licence |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
