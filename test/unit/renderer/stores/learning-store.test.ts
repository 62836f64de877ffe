import { afterEach, describe, expect, it } from 'vitest';
import {
  applyLearningEvents,
  forgetRefusedLearning,
  resetLearning,
  useLearningStore,
} from '../../../../src-renderer/stores/learning-store.ts';
import type { JournalEvent } from '../../../../src-shared/domain/journal.ts';
import { sampleDecided, sampleEvent } from '../../../fakes/api-samples.ts';

const decided = (seq: number): JournalEvent => ({
  ...sampleEvent(seq),
  body: { type: 'review_recorded', review: sampleDecided('approve', '').review },
});
const stale = () => useLearningStore.getState().stale;

afterEach(() => resetLearning());

describe('the report', () => {
  it('is stale after a row that it does not hold and that teaches something', () => {
    useLearningStore.setState({ load: { kind: 'ready' }, seq: 10 });
    applyLearningEvents([decided(10), sampleEvent(11)]);
    expect(stale()).toBe(false);
    applyLearningEvents([decided(12)]);
    expect(stale()).toBe(true);
  });

  it('that was never asked for is not asked for because the line moves', () => {
    applyLearningEvents([decided(12)]);
    expect(stale()).toBe(false);
  });

  it('that was refused is asked for again when the connection is back', () => {
    const trouble = { code: 'offline' as const, headline: '', sentence: '', hint: null, again: true };
    useLearningStore.setState({ load: { kind: 'refused', trouble } });
    forgetRefusedLearning();
    expect(useLearningStore.getState().load.kind).toBe('none');
  });
});
