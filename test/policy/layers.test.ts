import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import config from '../../.dependency-cruiser.mjs';
import { legal, targets, violations } from './layer-violations.ts';

const root = join(import.meta.dirname, '..', '..');
const world = mkdtempSync(join(tmpdir(), 'circletake-layers-'));
const isRelative = (name: string) => name.startsWith('.');

interface Violation {
  from: string;
  rule: { name: string };
  cycle?: Array<{ name: string }>;
}

let found: Violation[] = [];

beforeAll(async () => {
  plantSources();
  plantPackages();
  found = await cruise();
}, 60_000);

afterAll(() => rmSync(world, { recursive: true, force: true }));

describe('the rules of who may import what', () => {
  test.each(violations)('$rule finds $imports in $file', ({ rule, file }) => {
    const rules = found.filter(({ from, cycle }) => [from, ...(cycle ?? []).map(({ name }) => name)].includes(file));
    expect(rules.map((violation) => violation.rule.name)).toContain(rule);
  });

  test.each(legal)('$imports in $file is legal', ({ file }) => {
    expect(found.filter(({ from }) => from === file)).toEqual([]);
  });

  test('each rule has a planted violation', () => {
    const planted = new Set(violations.map(({ rule }) => rule));
    expect(config.forbidden.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
  });

  test('each rule is an error, so that the check fails', () => {
    expect(config.forbidden.filter(({ severity }) => severity !== 'error')).toEqual([]);
  });
});

function plantSources() {
  const sources = new Map(Object.entries(targets));
  for (const { file, imports, typeOnly } of [...violations, ...legal]) {
    sources.set(file, sourceOf(imports, typeOnly));
  }
  for (const { file, imports } of [...violations, ...legal]) {
    const target = join(dirname(file), imports);
    if (isRelative(imports) && !sources.has(target) && !imports.includes('not-there')) sources.set(target, plain);
  }
  for (const [path, text] of sources) write(path, text);
}

const plain = "export const name = 'name';\n";

function sourceOf(imports: string, typeOnly: true | undefined) {
  return typeOnly
    ? `import type { name as other } from '${imports}';\n${plain}export type Other = typeof other;\n`
    : `import { name as other } from '${imports}';\n${plain}export const again = other;\n`;
}

function plantPackages() {
  const used = [...violations, ...legal].map(({ imports }) => imports);
  const names = [...new Set(used.filter((name) => !isRelative(name) && !name.startsWith('node:')))];
  const dev = ['electron', 'vitest'];
  const listed = (wanted: string[]) => Object.fromEntries(wanted.map((name) => [name, '1.0.0']));
  const manifest = {
    dependencies: listed(names.filter((name) => !dev.includes(name))),
    devDependencies: listed(dev),
  };
  write('package.json', JSON.stringify(manifest));
  for (const name of names) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'main.js' }));
    write(`node_modules/${name}/main.js`, plain);
  }
}

async function cruise(): Promise<Violation[]> {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const settings = ['--config', join(root, '.dependency-cruiser.mjs'), '--output-type', 'json'];
  const folders = ['src-main', 'src-preload', 'src-renderer', 'src-shared'];
  const options = { cwd: world, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...settings, ...folders], options);
  return JSON.parse(stdout).summary.violations;
}

function write(path: string, text: string) {
  mkdirSync(dirname(join(world, path)), { recursive: true });
  writeFileSync(join(world, path), text);
}
