import { describe, expect, it } from 'vitest';
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import type { AttemptFact } from '../../../src-shared/domain/attempt-step.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import { explainShot } from '../../../src-shared/explain-shot.ts';
import { sampleShot, sampleTime } from '../../fakes/api-samples.ts';

const shotId = 'EP001_SH001';
const take = (number: number) => `${shotId}_T${number}`;
const lost: AttemptFailure = {
  ...{ category: 'transient', detail: 'server', message: 'The engine was busy.', retryAfterMs: null },
};

const ended: AttemptFailure = { ...lost, category: 'permanent', detail: 'cancelled', message: 'A person said so.' };

function fact(number: number, change: Partial<AttemptFact> = {}): AttemptFact {
  return {
    ...{ id: `a${number}`, batchId: 'b', shotId, phase: 'keyframe', series: 0, number, state: 'settled' },
    ...{ reservedMicroUsd: 40_000, actualMicroUsd: 40_000, providerJobId: `j${number}`, changeReason: null },
    ...{ takeId: change.state === 'failed' ? null : take(number), failure: null, refusal: null, doubtEnd: null },
    ...{ createdAt: sampleTime, updatedAt: sampleTime, provider: 'fal', model: 'nano' },
    ...change,
  };
}
const refused = (number: number, reason = 'The picture is black.') =>
  fact(number, { refusal: { gate: 'gate_1', reason } });
const dead = (number: number) => fact(number, { state: 'failed', failure: lost });

/** A shot whose previs is approved and whose keyframe stands as given. */
function shotAt(row: Partial<ShotPhase>, phase: Phase = 'keyframe') {
  const shot = sampleShot(shotId);
  const approved = { state: 'stabilized', outcome: 'approved', approvedTakeId: take(1) } as const;
  const { previs, keyframe, video } = shot.phases;
  const rows = { previs: { ...previs, ...approved }, keyframe, video };
  return { phases: { ...rows, [phase]: { ...rows[phase], ...row } } };
}
const approvedAs = (number: number) =>
  shotAt({ state: 'stabilized', outcome: 'approved', approvedTakeId: take(number) });

describe('where a shot stands, in one sentence', () => {
  it.each([
    ['at the first attempt', approvedAs(3), [fact(3)], 'Approved T3 (Keyframe) after 1 attempt.'],
    [
      'after a gate had refused one',
      approvedAs(3),
      [refused(2), fact(3)],
      'Approved T3 (Keyframe) after 2 attempts; the first was refused by gate 1 (the picture is black).',
    ],
    [
      'after one brought nothing and the director rejected another',
      approvedAs(4),
      [dead(1), fact(2), fact(4, { changeReason: 'rejected: motion — too fast' })],
      'Approved T4 (Keyframe) after 3 attempts; the first brought no take (the engine was busy), the second was rejected (motion — too fast).',
    ],
    [
      'after many',
      approvedAs(6),
      [refused(1), refused(2), dead(3), fact(6)],
      'Approved T6 (Keyframe) after 4 attempts; 2 were refused by gate 1, 1 brought no take.',
    ],
    [
      'after a doubt that a person ended',
      approvedAs(2),
      [
        fact(1, { state: 'failed', failure: ended, actualMicroUsd: 0, providerJobId: null, doubtEnd: 'released' }),
        fact(2),
      ],
      'Approved T2 (Keyframe) after 2 attempts; the first was in doubt and never charged.',
    ],
    [
      'after one that was written off',
      approvedAs(2),
      [fact(1, { state: 'failed', failure: ended, providerJobId: null, doubtEnd: 'charged' }), fact(2)],
      'Approved T2 (Keyframe) after 2 attempts; the first was charged without a take.',
    ],
    [
      'after one that was listed late and paid for beside it',
      approvedAs(2),
      [fact(1, { doubtEnd: 'reopened' }), fact(2)],
      'Approved T2 (Keyframe) after 2 attempts; the first was listed late and paid for (T1).',
    ],
    [
      'while one is in doubt again',
      approvedAs(2),
      [fact(1, { state: 'in_doubt', providerJobId: null, takeId: null, doubtEnd: 'reopened' }), fact(2)],
      'Approved T2 (Keyframe) after 2 attempts; the first is in doubt again.',
    ],
    ['with an own file', approvedAs(9), [], 'Approved T9 (Keyframe), not made by an attempt.'],
    [
      'when a decision is due',
      shotAt({ state: 'awaiting_operator' }),
      [refused(2), fact(3)],
      'T3 (Keyframe) awaits your decision after 2 attempts; the first was refused by gate 1 (the picture is black).',
    ],
    [
      'when it waits without a take',
      shotAt({ state: 'awaiting_operator', reason: 'Cannot start: No hero for char:ines.' }),
      [],
      'Keyframe awaits you: cannot start: No hero for char:ines.',
    ],
    [
      'when it was halted',
      shotAt({ state: 'halted', reason: 'The engine was busy. It happened 6 times; 5 repeats are allowed.' }),
      [dead(1), dead(2)],
      'Halted at Keyframe after 2 attempts: the engine was busy. It happened 6 times; 5 repeats are allowed; the first brought no take.',
    ],
    [
      'when it happened twice in the same way before',
      shotAt({ state: 'remediating', reason: 'The engine was busy. The same request.' }),
      [dead(1), dead(2), dead(3)],
      'Keyframe is tried again after 3 attempts: the engine was busy. The same request; the first and the second brought no take.',
    ],
    [
      'when a gate said the same of two takes',
      approvedAs(3),
      [refused(1), refused(2), fact(3)],
      'Approved T3 (Keyframe) after 3 attempts; the first and the second were refused by gate 1 (the picture is black).',
    ],
    [
      'when the account was refused: no try of its own',
      shotAt({ state: 'queued', reason: 'fal answered 401: Bad key. Then resume the batch.' }),
      [
        fact(1, {
          ...{ state: 'failed', actualMicroUsd: 0, providerJobId: null },
          failure: { ...lost, category: 'permanent', detail: 'account', message: 'fal answered 401: Bad key.' },
        }),
      ],
      'Keyframe is queued: fal answered 401: Bad key. Then resume the batch.',
    ],
    [
      'when the engine has its job and cannot be asked about it',
      shotAt({ state: 'remediating', reason: 'fal answered 401: Bad key. The engine has the job.' }),
      [dead(1), fact(2, { state: 'submitted', takeId: null, actualMicroUsd: null })],
      'Keyframe is with fal, attempt 2: fal answered 401: Bad key. The engine has the job; the first brought no take (the engine was busy).',
    ],
    [
      'when it is tried again',
      shotAt({ state: 'remediating', reason: 'The engine was busy. A new seed.' }),
      [dead(1)],
      'Keyframe is tried again after 1 attempt: the engine was busy. A new seed.',
    ],
    ['at a station', shotAt({ state: 'auditing' }), [fact(5)], 'Keyframe is at Audit, attempt 5.'],
    ['in the queue', shotAt({ state: 'queued' }), [], 'Keyframe is queued.'],
  ])('%s', (_when, shot, attempts, sentence) => {
    expect(explainShot(shot, attempts, ['previs', 'keyframe'])).toBe(sentence);
  });

  it('when nobody knows whether it was charged', () => {
    const shot = shotAt({ state: 'awaiting_operator', reason: 'The line was cut.' });
    expect(explainShot(shot, [fact(1, { state: 'in_doubt', takeId: null, actualMicroUsd: null })])).toBe(
      'Keyframe is in doubt: attempt 1 may be with fal, and $0.04 is held.',
    );
  });

  it('leaves out what was recorded and taken back before it was sent', () => {
    const cancelled = { ...lost, category: 'permanent', detail: 'cancelled' } as const;
    const dropped = fact(1, { state: 'failed', failure: cancelled, actualMicroUsd: 0, providerJobId: null });
    expect(explainShot(approvedAs(2), [dropped, fact(2)], ['keyframe'])).toBe(
      'Approved T2 (Keyframe) after 1 attempt.',
    );
  });

  it('speaks of the phases of the batch alone', () => {
    const shot = shotAt({ state: 'queued' });
    expect(explainShot(shot, [], ['previs'])).toBe('Approved T1 (Previs), not made by an attempt.');
  });
});
