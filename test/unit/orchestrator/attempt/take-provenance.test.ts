import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withGates } from '../../../../src-main/orchestrator/attempt/take-provenance.ts';
import { canonicalJson, hashOfText } from '../../../../src-main/orchestrator/canonical-json.ts';
import { diffPrompts } from '../../../../src-main/orchestrator/request/prompt-diff.ts';
import { provenanceRecordSchema } from '../../../../src-shared/domain/provenance.ts';
import { gateResult, makeWorld, scriptedGate } from '../../../fakes/production-world.ts';

describe('the record of a take', () => {
  it('is whole, valid and the request as it was sent', async () => {
    const world = makeWorld({ gates: [scriptedGate('gate_1', ['pass'])] });
    world.provider.price = 120_000;
    world.startBatch();
    await world.rest();
    const record = provenanceRecordSchema.parse(world.store.provenance('EP001_SH001_T1'));
    const [attempt] = world.store.attemptsOf('EP001_SH001');
    const [take] = world.store.takesOf('EP001_SH001');
    expect(record).toMatchObject({
      ...{ take_id: 'EP001_SH001_T1', shot_id: 'EP001_SH001', episode_id: 'EP001', project: 'test', attempt: 1 },
      media: { path: take?.path, sha256: take?.sha256 },
      generation: {
        ...{ phase: 'previs', provider: 'embedded', workflow: 'embedded-animatic-standard', provider_job_id: 'job-1' },
        ...{ prompt: 'A hill, number 1.', seed: attempt?.request.seed, refs_used: attempt?.request.refs },
        request_sha256: attempt?.requestSha256,
      },
      gates: { gate_1: { passed: true, reason: 'gate_1 says pass.', cost: 0, deferred: false } },
      cost: { previs: 0.12, total: 0.12 },
    });
    expect(record.video).toBeUndefined();
    expect(record.lineage).toBeUndefined();
    expect(hashOfText(canonicalJson(attempt?.request))).toBe(attempt?.requestSha256);
  });

  it('adds the gates’ price to the generation’s and to nothing else', async () => {
    const world = makeWorld();
    world.provider.price = 120_000;
    world.startBatch();
    await world.rest();
    const record = world.store.provenance('EP001_SH001_T1');
    const measured = withGates(record, [{ ...gateResult('gate_1', 'unmeasurable'), costMicroUsd: 30_000 }]);
    expect(measured.cost).toEqual({ previs: 0.12, gates: 0.03, total: 0.15 });
    expect(measured.gates).toMatchObject({ gate_1: { passed: false, deferred: true } });
    expect(measured.generation).toEqual(record.generation);
  });

  it('hashes equal requests alike, whatever the order of their keys', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[1,{"c":2,"d":1}]}');
    expect(hashOfText(canonicalJson({ a: 1, b: 2 }))).toBe(hashOfText(canonicalJson({ b: 2, a: 1 })));
    expect(hashOfText(canonicalJson({ a: 1 }))).not.toBe(hashOfText(canonicalJson({ a: 2 })));
  });
});

describe('the difference of two prompts', () => {
  it('names the words lost and gained where they stand', () => {
    expect(diffPrompts('A girl in a red coat runs.', 'A girl in a blue coat runs fast.')).toBe(
      'A girl in a [-red-] {+blue+} coat [-runs.-] {+runs fast.+}',
    );
    expect(diffPrompts('', 'new words')).toBe('{+new words+}');
    expect(diffPrompts('old words', '')).toBe('[-old words-]');
  });

  it('is empty for equal prompts', () => {
    expect(diffPrompts('the same  words', 'the same  words')).toBe('');
  });

  it('holds both prompts whole: without the gains it is the old one, without the losses the new one', () => {
    const words = fc
      .array(fc.constantFrom('a', 'red', 'coat', 'runs', 'hill'), { maxLength: 14 })
      .map((list) => list.join(' '));
    const squeeze = (text: string) => text.split(/\s+/).filter(Boolean).join(' ');
    fc.assert(
      fc.property(words, words, (before, after) => {
        fc.pre(before !== after);
        const diff = diffPrompts(before, after);
        const old = diff.replace(/\{\+.*?\+\}/g, '').replace(/\[-(.*?)-\]/g, '$1');
        const fresh = diff.replace(/\[-.*?-\]/g, '').replace(/\{\+(.*?)\+\}/g, '$1');
        expect(squeeze(old)).toBe(before);
        expect(squeeze(fresh)).toBe(after);
      }),
    );
  });
});
