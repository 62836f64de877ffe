import { describe, expect, it } from 'vitest';
import * as phrases from '../../../src-shared/attempt-phrases.ts';
import type { AttemptStep } from '../../../src-shared/domain/attempt-step.ts';
import { bannedWords } from '../../../src-shared/phrases.ts';
import { tellShotLog } from '../../../src-shared/shot-log.ts';
import { makeWorld } from '../../fakes/production-world.ts';

const shotId = 'EP001_SH001';

describe('the log of a shot', () => {
  it('tells what happened in the order in which it happened, in words for people', async () => {
    const world = makeWorld({ provider: { capabilities: { reconcile: 'none' } } });
    world.provider.price = 100_000;
    world.provider.faults = ['not-sent', 'accepted-then-dropped'];
    world.startBatch();
    await world.rest();
    const doubt = world.store.openAttempts()[0];
    const answer = { kind: 'adopt', jobId: 'job-1' } as const;
    world.orchestrator.doubts.settle({ attemptId: doubt?.id ?? '', answer, person: 'dana' });
    await world.rest();
    const lines = tellShotLog(world.store.eventsOfShot(shotId, 1000));
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map(({ seq }) => seq).toSorted((a, b) => a - b));
    expect(lines.map(({ text }) => text)).toEqual([
      'Binding.',
      'Attempt 1 was recorded for animatic-1; $0.10 is reserved.',
      'Assembling.',
      'Attempt 1 is being sent to embedded.',
      'Attempt 1 brought no take (billed $0.00): The engine said: not-sent.',
      expect.stringMatching(/^Remediating \(1\/5\): The engine said: not-sent\. The same request/),
      'Binding.',
      'Attempt 2 was recorded for animatic-1; $0.10 is reserved.',
      'Assembling.',
      'Attempt 2 is being sent to embedded.',
      'Attempt 2 is in doubt, $0.10 is held: The engine said: accepted-then-dropped.',
      expect.stringMatching(/^Awaiting operator: .*nothing is sent again/),
      'Attempt 2, dana: Job adopted — job-1.',
      'Attempt 2 is with embedded as job job-1.',
      'Queued.',
      'Binding.',
      'Assembling.',
      'Attempt 2 has its file in place.',
      'T1 recorded: SH001_T1_previs.png, $0.10.',
      'Attempt 2 was settled for $0.10.',
      'Auditing.',
      'Awaiting operator: No gate has measured it.',
    ]);
    expect(lines.every(({ phase }) => phase === 'previs')).toBe(true);
    expect(lines.filter(({ text }) => bannedWords.test(text))).toEqual([]);
  });

  it('says what the engine listed and what the gates found', () => {
    const { store } = makeWorld();
    const base = { seq: 1, at: '2026-01-02T03:04:05.000Z', projectId: 'test' };
    const step: AttemptStep = {
      ...{
        seq: 1,
        attemptId: 'a',
        shotId,
        phase: 'video',
        number: 2,
        at: base.at,
        kind: 'asked',
        by: null,
        note: null,
      },
      ...{ finding: 'several', jobs: [{ id: 'j1', at: null, note: '', data: {} }] },
    };
    const told = tellShotLog([{ ...base, body: { type: 'attempt_noted', step } }]);
    expect(told[0]?.text).toBe(
      'Attempt 2, the line: Engine asked what it lists — The engine lists several jobs that may be it (j1).',
    );
    expect(tellShotLog(store.eventsOfShot('EP001_SH099', 10))).toEqual([]);
  });
});

describe('the phrases of attempts', () => {
  it('hold the words of a factory and none of a chat tool', () => {
    const texts = JSON.stringify(phrases);
    expect(texts.length).toBeGreaterThan(1000);
    expect(bannedWords.exec(texts.replaceAll('"failed":', ''))).toBeNull();
  });
});
