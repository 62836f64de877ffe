import { describe, expect, it } from 'vitest';
import type { JobOut } from '../../../src-shared/domain/job-out.ts';
import { countJobsOut, keptSentence, tellKept, tellLeaving, tellStop } from '../../../src-shared/jobs-out.ts';

const now = new Date(2026, 10, 21, 13, 20);
const hourLater = new Date(2026, 10, 21, 14, 20).toISOString();

const job = (of: Partial<JobOut>): JobOut => ({
  ...{ attemptId: 'att_1', shotId: 'EP001_SH001', phase: 'video', provider: 'fal', heldMicroUsd: 300_000 },
  ...{ place: 'queued', inDoubt: false, callOff: 'can', keptUntil: hourLater },
  ...of,
});

describe('before a stop', () => {
  it('each kind of job is told with what it holds and what becomes of it', () => {
    const jobs = [
      job({}),
      job({}),
      job({ place: 'running', callOff: 'paid' }),
      job({ place: null }),
      job({ provider: 'kling', callOff: 'paid' }),
      job({ callOff: 'asked' }),
      job({ provider: 'ark', inDoubt: true }),
    ];
    expect(countJobsOut(jobs)).toBe('7 jobs are out and hold $2.10.');
    expect(tellStop(jobs)).toEqual([
      '2 at fal ($0.60) wait their turn: they are called off, and nothing is charged.',
      '1 at fal ($0.30) has begun: it is paid for, and fetched.',
      '1 at fal ($0.30) is called off if it has not begun, and nothing is charged; else it is paid for and fetched.',
      '1 at kling ($0.30) cannot be called off: it is paid for, and fetched.',
      '1 at fal ($0.30) is being called off already.',
      '1 at ark ($0.30) is in doubt: its money stays held until you settle it.',
    ]);
  });

  it('nothing is told where nothing is out', () => {
    expect([countJobsOut([]), tellStop([]), tellLeaving([], now)]).toEqual(['', [], null]);
  });
});

describe('who leaves', () => {
  it('is told by when to be back, the soonest first, once for each engine', () => {
    const tomorrow = new Date(2026, 10, 22, 13, 0).toISOString();
    const jobs = [job({ provider: 'ark', keptUntil: tomorrow }), job({}), job({}), job({ keptUntil: null })];
    expect(tellKept(jobs, now)).toEqual([
      'fal keeps what it makes until 14:20 at least.',
      'ark keeps what it makes until Nov 22, 13:00 at least.',
    ]);
    expect(tellLeaving([job({})], now)).toBe(
      '1 job is out and holds $0.30. It is fetched as soon as the project is open again. fal keeps what it makes until 14:20 at least.',
    );
  });

  it('is not promised what is over', () => {
    expect(keptSentence('fal', now.toISOString(), now)).toMatch(/may have dropped what it made/);
  });
});
