import { describe, expect, it } from 'vitest';
import { createSharedLearnings, type SharedLearnings } from '../../../src-main/learning/shared-learnings.ts';
import { hashOfFinding } from '../../../src-main/learning/suggest.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { MemoryDisk } from '../../fakes/memory-files.ts';

const path = '/data/learnings.json';
const markdown = '/data/learnings.md';
const finding = (text: string, evidence = 'n 20') => ({ hash: hashOfFinding(text), text, evidence });

function makeShelf() {
  const disk = new MemoryDisk();
  const clock = new FakeClock('2026-11-21T12:30:45.000Z');
  const writes: string[] = [];
  const files = {
    ...disk.files,
    write(to: string, content: string | Uint8Array) {
      writes.push(to);
      return disk.files.write(to, content);
    },
  };
  const open = (exclusively: <T>(work: () => Promise<T>) => Promise<T> = (work) => work()): SharedLearnings =>
    createSharedLearnings({ path, markdownPath: markdown, files, clock, exclusively });
  return { disk, clock, writes, open };
}

describe('what all projects have learned', () => {
  it('is kept as JSON and written as markdown under project and minute', async () => {
    const { disk, clock, open } = makeShelf();
    const shared = open();
    expect(await shared.add('salt-hill', [finding('Gate 1 is strict.'), finding('Wides pass.')])).toBe(2);
    await clock.advance(60_000);
    expect(await shared.add('pier', [finding('Close-ups pass.', '30 of 31')])).toBe(1);
    expect(JSON.parse(disk.contents.get(path) ?? '')).toMatchObject({
      schema_version: 'circletake.learnings.v1',
      findings: [
        { text: 'Gate 1 is strict.', project: 'salt-hill', found_at: '2026-11-21T12:30Z' },
        { text: 'Wides pass.' },
        { text: 'Close-ups pass.', project: 'pier', found_at: '2026-11-21T12:31Z' },
      ],
    });
    expect(
      disk.contents
        .get(markdown)
        ?.split('\n')
        .filter((line) => /^(##|-)/.test(line)),
    ).toEqual([
      '## salt-hill · 2026-11-21T12:30Z',
      '- Gate 1 is strict.',
      '- Wides pass.',
      '## pier · 2026-11-21T12:31Z',
      '- Close-ups pass.',
    ]);
  });

  it('takes a finding once, whoever finds it again and however it is spaced', async () => {
    const { writes, open } = makeShelf();
    await open().add('salt-hill', [finding('Gate 1 is strict.')]);
    const before = writes.length;
    expect(await open().add('pier', [finding('  GATE 1 is  strict', '99 of 100')])).toBe(0);
    expect(writes).toHaveLength(before);
    expect(await open().findings()).toMatchObject([{ project: 'salt-hill', evidence: 'n 20' }]);
  });

  it('does not take one finding for another because its words are part of it', async () => {
    const { open } = makeShelf();
    await open().add('a', [finding('Gate 1 is strict in close-ups.')]);
    expect(await open().add('a', [finding('Gate 1 is strict')])).toBe(1);
  });

  it('takes one finding once when it is offered twice at a time', async () => {
    const { open } = makeShelf();
    expect(await open().add('a', [finding('Same.'), finding('same')])).toBe(1);
  });

  it('reads again under the lock: what another wrote meanwhile stays', async () => {
    const { open } = makeShelf();
    const other = open();
    const late = open(async (work) => {
      await other.add('other', [finding('From the other.')]);
      return work();
    });
    expect(await late.add('mine', [finding('Mine.'), finding('From the other')])).toBe(1);
    expect((await open().findings()).map(({ text }) => text)).toEqual(['From the other.', 'Mine.']);
  });

  it('writes nothing when another found the same while it waited', async () => {
    const { open, writes } = makeShelf();
    const other = open();
    let before = 0;
    const late = open(async (work) => {
      await other.add('other', [finding('Same.')]);
      before = writes.length;
      return work();
    });
    expect(await late.add('mine', [finding('Same.')])).toBe(0);
    expect(before).toBeGreaterThan(0);
    expect(writes).toHaveLength(before);
  });

  it('is kept aside when it is damaged, never written over', async () => {
    const { disk, open } = makeShelf();
    disk.contents.set(path, '{"findings": [');
    expect(await open().findings()).toEqual([]);
    expect(await open().add('a', [finding('New.')])).toBe(1);
    const aside = [...disk.contents].find(([name]) => name.startsWith(`${path}.damaged-`));
    expect(aside?.[1]).toBe('{"findings": [');
    expect(await open().findings()).toHaveLength(1);
  });
});
