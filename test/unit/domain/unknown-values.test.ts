import { describe, expect, it } from 'vitest';
import { attemptSchema } from '../../../src-shared/domain/attempt.ts';
import { batchConfigSchema, batchStatusSchema } from '../../../src-shared/domain/batch.ts';
import { failureCategorySchema } from '../../../src-shared/domain/failure.ts';
import { episodeIdSchema } from '../../../src-shared/domain/ids.ts';
import { flatStatusSchema, productionStateSchema } from '../../../src-shared/domain/production-state.ts';

describe('a value that no list has', () => {
  it.each([
    ['flat status', flatStatusSchema, ['', 'video_redy', 'PREVIS_PENDING', null]],
    ['production state', productionStateSchema, ['running', '', null]],
    ['batch status', batchStatusSchema, ['done', 'stopped', null]],
    ['failure category', failureCategorySchema, ['timeout', 'unknown', '']],
  ] as const)('is refused as a %s when it is read, not counted as pending', (_, schema, values) => {
    for (const value of values) expect(schema.safeParse(value).success, String(value)).toBe(false);
  });

  it('is refused as an id of an episode that could be read in two ways', () => {
    for (const id of ['S02E05', 'EP1', 'ep001', 'EP001 ', 'EP 001']) {
      expect(episodeIdSchema.safeParse(id).success, id).toBe(false);
    }
    expect(episodeIdSchema.safeParse('EP001').success).toBe(true);
  });

  it('is refused as a field that nobody knows, in a config and in an attempt', () => {
    expect(batchConfigSchema.safeParse({ episodeId: 'EP001', max_concurrent: 3 }).success).toBe(false);
    expect(attemptSchema.safeParse({ id: 'att_1', state: 'flying' }).success).toBe(false);
  });
});
