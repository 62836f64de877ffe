import { describe, expect, it } from 'vitest';
import { type NoFile, Patience } from '../../../../src-main/orchestrator/attempt/patience.ts';
import type { AttemptFailure } from '../../../../src-shared/domain/attempt.ts';

const failure = (change: Partial<AttemptFailure> = {}): AttemptFailure => ({
  ...{ category: 'transient', detail: 'network', message: 'Nobody answered.', retryAfterMs: null },
  ...change,
});
const trouble = (change: Partial<AttemptFailure> = {}): NoFile => ({ kind: 'trouble', failure: failure(change) });
const refused = trouble({ category: 'permanent', detail: 'bad_output' });
const keyRefused = trouble({ detail: 'account' });
const bad: NoFile = { kind: 'bad', failure: failure({ category: 'gate_mechanical' }), costMicroUsd: 7 };

function turns(answers: readonly (NoFile | 'answered')[]): string[] {
  const patience = new Patience();
  return answers.flatMap((answer) => {
    if (answer !== 'answered') {
      const turn = patience.after(answer);
      return turn.kind === 'ask-again' ? `${turn.afterMs / 1000} s` : turn.kind;
    }
    patience.wasAnswered();
    return [];
  });
}

describe('the patience of a run with its job', () => {
  it('asks an engine that is away in longer and longer pauses, then makes room for others', () => {
    expect(turns(Array(6).fill(trouble()))).toEqual(['1 s', '2 s', '4 s', '8 s', '16 s', 'unreachable']);
  });

  it('waits as long as it is asked to, a minute at most', () => {
    expect(turns([trouble({ retryAfterMs: 20_000 })])).toEqual(['20 s']);
    expect(turns([trouble({ retryAfterMs: 3_600_000 })])).toEqual(['60 s']);
  });

  it('takes a result for lost when it was refused five times', () => {
    expect(turns(Array(5).fill(refused)).at(-1)).toBe('lost');
  });

  it('never takes a result for lost because the account was refused', () => {
    const noKey = trouble({ category: 'permanent', detail: 'account' });
    expect(turns([refused, refused, refused, noKey, noKey])).not.toContain('lost');
  });

  it('takes an account for refused when it was three times in a row', () => {
    expect(turns([keyRefused, keyRefused, trouble(), keyRefused, keyRefused])).not.toContain('locked-out');
    expect(turns([keyRefused, keyRefused, keyRefused])).toEqual(['1 s', '2 s', 'locked-out']);
  });

  it('fetches a file that is none once more', () => {
    expect(turns([bad, bad])).toEqual(['1 s', 'unusable']);
    expect(new Patience().after(bad)).toEqual({ kind: 'ask-again', afterMs: 1000 });
  });

  it('begins anew with each answer about how the job goes, but for files that are none', () => {
    const twice = [keyRefused, keyRefused, 'answered', keyRefused, keyRefused] as const;
    expect(turns(twice)).toEqual(['1 s', '2 s', '1 s', '2 s']);
    expect(turns([bad, 'answered', bad])).toEqual(['1 s', 'unusable']);
  });
});
