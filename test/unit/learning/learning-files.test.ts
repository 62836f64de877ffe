import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LearningFiles } from '../../../src-main/learning/learning-files.ts';
import { growingFiles } from '../../../src-main/platform/growing-files.ts';
import { type LearningEvent, retryLineSchema } from '../../../src-shared/domain/learning.ts';
import { MemoryLearning } from '../../fakes/memory-learning.ts';

let folder: string;
let notes: MemoryLearning;
let damaged: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'circletake-learning-'));
  notes = new MemoryLearning();
  damaged = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = () => join(folder, 'retries.jsonl');
const text = () => readFileSync(path(), 'utf8');
const open = () =>
  new LearningFiles({
    ...{ store: notes, growing: growingFiles, pathOf: (name) => join(folder, name) },
    onDamaged: (file) => damaged.push(file),
  });

function learn(from: number, to: number): void {
  const events = Array.from({ length: to - from + 1 }, (_, index): LearningEvent => {
    const head = {
      id: `retry:${from + index}`,
      timestamp: '2026-11-21T09:00:00.000Z',
      project: 'test',
      shot_id: 'EP001_SH001',
    };
    const line = {
      failure_category: 'transient' as const,
      retry_number: 1,
      succeeded: null,
      fix_applied: 'neuer Übergang',
    };
    return { kind: 'retry', line: { ...head, ...line } };
  });
  notes.appendLearning({ events, times: [], memories: [], seq: to });
}

const expected = () => notes.events.map(({ line }) => `${JSON.stringify(line)}\n`).join('');

describe('a learning file', () => {
  it('has one line for each event, as the sheet names its fields', async () => {
    learn(1, 3);
    await open().write();
    const lines = text()
      .trimEnd()
      .split('\n')
      .map((line) => retryLineSchema.parse(JSON.parse(line)));
    expect(lines.map(({ id }) => id)).toEqual(['retry:1', 'retry:2', 'retry:3']);
    expect(readdirSync(folder)).toEqual(['retries.jsonl']);
  });

  it('only grows: what is there is not written again', async () => {
    const files = open();
    learn(1, 600);
    await files.write();
    const { ino } = statSync(path());
    learn(601, 900);
    await files.write();
    expect(text()).toBe(expected());
    expect(statSync(path()).ino).toBe(ino);
  });

  it.each([
    ['in the middle of a line', 25],
    ['after whole lines', null],
    ['down to nothing', 0],
  ])('that was cut short %s is completed where it ends', async (_where, length) => {
    learn(1, 400);
    await open().write();
    const whole = expected();
    truncateSync(path(), length ?? Buffer.byteLength(whole.split('\n').slice(0, 7).join('\n')) + 1);
    await open().write();
    expect(text()).toBe(whole);
    expect(damaged).toEqual([]);
  });

  it('that says something else is kept aside and written anew, with every good line', async () => {
    learn(1, 400);
    await open().write();
    const spoilt = text().replace('retry:7"', 'retry:x"');
    writeFileSync(path(), spoilt);
    await open().write();
    expect(text()).toBe(expected());
    const aside = readdirSync(folder).find((name) => name.startsWith('retries.jsonl.damaged-'));
    expect(readFileSync(join(folder, aside ?? ''), 'utf8')).toBe(spoilt);
    expect(damaged).toEqual([path()]);
  });

  it('to which somebody added is kept aside, also while the app runs', async () => {
    const files = open();
    learn(1, 10);
    await files.write();
    writeFileSync(path(), 'not ours\n', { flag: 'a' });
    learn(11, 12);
    await files.write();
    expect(text()).toBe(expected());
    expect(damaged).toHaveLength(1);
  });

  it('that has more lines than were learned is kept aside', async () => {
    learn(1, 3);
    await open().write();
    writeFileSync(path(), 'not ours\n', { flag: 'a' });
    await open().write();
    expect(text()).toBe(expected());
    expect(damaged).toHaveLength(1);
  });

  it('that was removed is written again', async () => {
    const files = open();
    learn(1, 10);
    await files.write();
    rmSync(path());
    await files.write();
    expect(text()).toBe(expected());
    expect(damaged).toEqual([]);
  });
});
