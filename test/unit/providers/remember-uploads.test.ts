import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { durableFiles } from '../../../src-main/platform/durable-files.ts';
import { rememberUploads } from '../../../src-main/providers/remember-uploads.ts';

let folder: string;
let path: string;
let time: Date;
const troubles: unknown[] = [];
const hash = (letter: string) => `sha256:${letter.repeat(64)}`;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-uploads-'));
  path = join(folder, 'cache', 'uploads.json');
  time = new Date('2026-11-21T12:00:00Z');
  troubles.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Writes are in a row: the promise of the last one is the end of all. */
function openLedger(write = durableFiles.write) {
  let last: Promise<void> = Promise.resolve();
  const files = {
    write(to: string, content: string | Uint8Array) {
      last = write(to, content);
      return last;
    },
  };
  const ledger = rememberUploads({ path, files, now: () => time, onTrouble: (error) => troubles.push(error) });
  const written = async () => {
    for (let before: unknown = null; before !== last; ) {
      before = last;
      await last.catch(() => {});
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { ledger, written };
}

it('knows after a restart what was uploaded where', async () => {
  const { ledger, written } = openLedger();
  ledger.record({ provider: 'fal', sha256: hash('a'), url: 'https://x.test/a', expiresAt: null });
  ledger.record({ provider: 'replicate', sha256: hash('a'), url: 'https://y.test/a', expiresAt: null });
  await written();
  const again = openLedger().ledger;
  expect(again.find('fal', hash('a'))).toBe('https://x.test/a');
  expect(again.find('replicate', hash('a'))).toBe('https://y.test/a');
  expect(again.find('fal', hash('b'))).toBeNull();
});

it('does not count on a file that the provider has let go', async () => {
  const { ledger, written } = openLedger();
  ledger.record({ provider: 'fal', sha256: hash('a'), url: 'u', expiresAt: '2026-11-21T13:00:00Z' });
  await written();
  expect(ledger.find('fal', hash('a'))).toBe('u');
  time = new Date('2026-11-21T13:00:00Z');
  expect(ledger.find('fal', hash('a'))).toBeNull();
});

it('forgets what the provider does not know any more', async () => {
  const { ledger, written } = openLedger();
  ledger.record({ provider: 'fal', sha256: hash('a'), url: 'u', expiresAt: null });
  ledger.forget('fal', hash('a'));
  ledger.forget('fal', hash('b'));
  await written();
  expect(ledger.find('fal', hash('a'))).toBeNull();
  expect(openLedger().ledger.find('fal', hash('a'))).toBeNull();
});

it('starts anew from a damaged file, and keeps the rows of one that can be read in part', async () => {
  await durableFiles.write(path, '{"torn');
  expect(openLedger().ledger.find('fal', hash('a'))).toBeNull();
  const good = { provider: 'fal', sha256: hash('a'), url: 'u', expiresAt: null };
  await writeFile(path, JSON.stringify([{ provider: 'fal' }, good, 7]));
  expect(openLedger().ledger.find('fal', hash('a'))).toBe('u');
});

it('goes on in memory when its file cannot be written, and says so', async () => {
  const { ledger, written } = openLedger(async () => {
    throw new Error('read-only');
  });
  ledger.record({ provider: 'fal', sha256: hash('a'), url: 'u', expiresAt: null });
  await written();
  expect(ledger.find('fal', hash('a'))).toBe('u');
  expect(troubles).toHaveLength(1);
});

it('holds nothing but where which hash is', async () => {
  const { ledger, written } = openLedger();
  ledger.record({ provider: 'fal', sha256: hash('a'), url: 'u', expiresAt: null });
  await written();
  const text = await readFile(path, 'utf8');
  expect(JSON.parse(text)).toEqual([{ provider: 'fal', sha256: hash('a'), url: 'u', expiresAt: null }]);
});
