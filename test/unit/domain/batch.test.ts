import { describe, expect, it } from 'vitest';
import {
  type BatchStatus,
  batchStatusSchema,
  hasStoppedItself,
  heldByDirector,
} from '../../../src-shared/domain/batch.ts';

describe('a batch that has stopped itself', () => {
  const answers = (statusReason: string | null): BatchStatus[] =>
    batchStatusSchema.options.filter((status) => hasStoppedItself({ status, statusReason }));

  it('met something that a person has to mend', () => {
    expect(answers('fal answered 401. Then resume the batch.')).toEqual(['paused', 'budget_exhausted', 'failed']);
  });

  it('was not put on hold by one', () => {
    expect(answers(heldByDirector)).not.toContain('paused');
  });
});
