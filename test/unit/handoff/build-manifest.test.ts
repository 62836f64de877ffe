import { describe, expect, it } from 'vitest';
import { jsonLine, manifestBytes, manifestEntry } from '../../../src-main/handoff/build-manifest.ts';
import { provenanceRecordSchema } from '../../../src-shared/domain/provenance.ts';
import { makeNewTake } from '../../fixtures/open-test-store.ts';

const head = { episodeId: 'EP001', project: 'test-film', generatedAt: '2026-01-01T00:00:00.000Z' };
// fields in the order of the schema, in which they are written
const records = [1, 2, 3].map((number) => provenanceRecordSchema.parse(makeNewTake('EP001_SH001', number).provenance));

describe('a manifest', () => {
  it.each([0, 1, 3])('of %i takes is the same text as if it were written as a whole', (count) => {
    const takes = records.slice(0, count);
    const bytes = manifestBytes({ ...head, totalCostMicroUsd: 120_000 }, takes.map(manifestEntry));
    const whole = {
      ...{ episode_id: 'EP001', project: 'test-film', generated_at: head.generatedAt },
      ...{ total_takes: count, total_cost: 0.12, takes },
    };
    expect(bytes.toString()).toBe(`${JSON.stringify(whole, null, 2)}\n`);
  });

  it('says of a rehearsal that it is one', () => {
    const bytes = manifestBytes({ ...head, rehearsal: true, totalCostMicroUsd: 0 }, []);
    expect(JSON.parse(bytes.toString())).toMatchObject({ rehearsal: true, takes: [] });
  });

  it('has each record as a line of its own in the list of the project', () => {
    const text = Buffer.concat(records.map(jsonLine)).toString();
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(records);
  });
});
