import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { markdownOf } from '../../src-main/learning/shared-learnings.ts';
import { sharedLearningsSchema } from '../../src-shared/domain/learning-report.ts';

const script = join(import.meta.dirname, '..', 'fixtures', 'share-findings.ts');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'circletake-shared-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const share = async (name: string, count: number) => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, folder, name, String(count)]);
  return Number(stdout);
};
const findings = () =>
  sharedLearningsSchema.parse(JSON.parse(readFileSync(join(folder, 'learnings.json'), 'utf8'))).findings;

it('several programs add at once, and every finding is there once', async () => {
  const added = await Promise.all(['a', 'b', 'c'].map((name) => share(name, 6)));
  const texts = findings().map(({ text }) => text);
  expect(texts).toHaveLength(3 * 6 + 6);
  expect(new Set(texts).size).toBe(texts.length);
  expect(added.reduce((sum, count) => sum + count, 0)).toBe(texts.length);
  expect(readFileSync(join(folder, 'learnings.md'), 'utf8')).toBe(markdownOf(findings()));
});

it('a program that died while it wrote holds nobody up', async () => {
  const dead = { pid: 2 ** 22 + 1, identity: 'started:1', host: (await import('node:os')).hostname(), nonce: 'ab' };
  const at = '2026-01-01T00:00:00.000Z';
  writeFileSync(join(folder, 'learnings.json.lock'), JSON.stringify({ ...dead, since: at, heartbeatAt: at }));
  expect(await share('a', 1)).toBe(2);
});
