import { describe, expect, test } from 'vitest';
import { enginesOf, newBatchForm, providerTrouble, toBatchConfig } from '../../../../src-renderer/app/batch-form.ts';
import { slugOf } from '../../../../src-renderer/app/project-slug.ts';
import { parseShotRanges, pickShots, printShotRanges } from '../../../../src-renderer/app/shot-ranges.ts';
import { beyondCap, countWithin, withLines } from '../../../../src-renderer/app/use-preflight.ts';
import { batchConfigSchema } from '../../../../src-shared/domain/batch.ts';
import { sampleProvider, sampleSnapshot } from '../../../fakes/api-samples.ts';

const { project } = sampleSnapshot(0);
const form = newBatchForm(project);
const shotIds = ['EP001_SH001', 'EP001_SH002', 'EP001_SH003', 'EP001_SH010', 'EP001_SH012A'];
const place = {
  ...{ episodeId: 'EP001', shotId: 'EP001_SH002', listedShotIds: ['EP001_SH001', 'EP001_SH002'] },
  ...{ shotIds, providers: null },
};

describe('the form of a batch', () => {
  test('begins as the whole episode under the project’s cap, which the Studio accepts', () => {
    const asked = toBatchConfig(form, place);
    if (!('config' in asked)) throw new Error(asked.missing);
    expect(asked.config.shotFilter).toBeUndefined();
    expect(batchConfigSchema.parse(asked.config).budgetMicroUsd).toBe(project.caps.batch_micro_usd);
  });

  test('names the shots of the list, or the one shot', () => {
    expect(toBatchConfig({ ...form, scope: 'list' }, place)).toMatchObject({
      config: { shotFilter: place.listedShotIds },
    });
    expect(toBatchConfig({ ...form, scope: 'shot' }, place)).toMatchObject({ config: { shotFilter: ['EP001_SH002'] } });
  });

  test('keeps phases in the order of production, however they were ticked', () => {
    expect(toBatchConfig({ ...form, phases: ['video', 'previs'] }, place)).toMatchObject({
      config: { phases: ['previs', 'video'] },
    });
  });

  test.each([
    ['a cap that is no amount', { ...form, cap: 'lots' }],
    ['a cap of nothing', { ...form, cap: '0' }],
    ['no phase', { ...form, phases: [] }],
  ])('says what is missing with %s', (_, wrong) => {
    expect(toBatchConfig(wrong, place)).toHaveProperty('missing');
  });

  test('says so when the list is empty or no shot is chosen', () => {
    expect(toBatchConfig({ ...form, scope: 'list' }, { ...place, listedShotIds: [] })).toHaveProperty('missing');
    expect(toBatchConfig({ ...form, scope: 'shot' }, { ...place, shotId: null })).toHaveProperty('missing');
  });
});

describe('the engine that is chosen', () => {
  test('keeps the batch from starting while it has no key', () => {
    const fal = { ...form, provider: 'fal' };
    expect(providerTrouble(fal, [sampleProvider()])).toContain('No key');
    expect(providerTrouble(fal, [sampleProvider({ keyPlace: 'file' })])).toBeNull();
    expect(providerTrouble(fal, [])).toContain('no engine fal');
    expect(providerTrouble(fal, null)).toBeNull();
  });

  test('needs no key in a rehearsal, where the simulator answers for it', () => {
    const fal = { ...form, provider: 'fal' };
    const keyless = [sampleProvider({ keyTrouble: 'The keychain is locked.' })];
    expect(providerTrouble(fal, enginesOf({ rehearsal: true }, keyless))).toBeNull();
    expect(providerTrouble(fal, enginesOf(project, keyless))).toContain('keychain');
    expect(enginesOf({ rehearsal: true }, null)).toBeNull();
  });
});

describe('shots by their numbers', () => {
  const idsOf = (text: string) => {
    const parsed = parseShotRanges(text, shotIds);
    return parsed.kind === 'shots' ? parsed.ids.map((id) => id.slice(6)) : parsed.message;
  };

  test.each([
    ['1-3', ['SH001', 'SH002', 'SH003']],
    ['SH002 - SH10', ['SH002', 'SH003', 'SH010']],
    ['12a, 1', ['SH001', 'SH012A']],
    ['2–9', ['SH002', 'SH003']],
    ['', []],
  ])('“%s” is understood', (text, ids) => expect(idsOf(text)).toEqual(ids));

  test.each(['4-9', 'all', '3-', 'SH0'])('“%s” is refused with a sentence', (text) => {
    expect(idsOf(text)).toEqual(expect.stringContaining(text));
    expect(toBatchConfig({ ...form, scope: 'picked', picked: text }, place)).toHaveProperty('missing');
  });

  test('are printed as they are read', () => {
    const picked = new Set(['EP001_SH001', 'EP001_SH002', 'EP001_SH010', 'EP001_SH012A']);
    expect(printShotRanges(picked, shotIds)).toBe('1-2, 10-12A');
    expect(parseShotRanges('1-2, 10-12A', shotIds)).toEqual({ kind: 'shots', ids: [...picked] });
  });

  test('a click takes one in or out, with Shift everything from the last one', () => {
    const one = pickShots(new Set(), shotIds, { id: 'EP001_SH002', from: null });
    expect([...one]).toEqual(['EP001_SH002']);
    const run = pickShots(one, shotIds, { id: 'EP001_SH010', from: 'EP001_SH002' });
    expect([...run]).toEqual(['EP001_SH002', 'EP001_SH003', 'EP001_SH010']);
    expect([...pickShots(run, shotIds, { id: 'EP001_SH003', from: null })]).toEqual(['EP001_SH002', 'EP001_SH010']);
  });
});

test('a preflight adds up as its lines come', () => {
  const line = { phase: 'previs' as const, provider: 'fal', model: 'm' };
  const run = { ...line, shotId: 'EP001_SH001', costMicroUsd: 40_000, refusal: null };
  const no = { ...line, shotId: 'EP001_SH002', costMicroUsd: 40_000, refusal: 'No hero yet.' };
  const nothing = { lines: [], refused: [], totalMicroUsd: 0, done: false };
  expect(withLines(withLines(nothing, [run]), [no, run])).toEqual({
    ...{ lines: [run, no, run], refused: [no], totalMicroUsd: 80_000, done: false },
  });
});

test('a cap lets lines through in their order until one does not fit', () => {
  const line = { shotId: 'EP001_SH001', phase: 'previs' as const, provider: 'embedded', model: 'm', refusal: null };
  const lines = [400_000, 400_000, 400_000].map((costMicroUsd) => ({ ...line, costMicroUsd }));
  expect(countWithin(lines, 1_200_000)).toBe(3);
  expect(countWithin(lines, 1_199_999)).toBe(2);
  expect(countWithin(lines, 0)).toBe(0);
});

test('what the cap keeps from running is not said to run; what is refused anyway is left out of it', () => {
  const line = { phase: 'previs' as const, provider: 'embedded', model: 'm', costMicroUsd: 400_000 };
  const runs = ['EP001_SH001', 'EP001_SH003', 'EP001_SH004'].map((shotId) => ({ ...line, shotId, refusal: null }));
  const refused = { ...line, shotId: 'EP001_SH002', refusal: 'No hero yet.' };
  const lines = [...runs.slice(0, 1), refused, ...runs.slice(1)];
  expect([...beyondCap(lines, 800_000)]).toEqual(runs.slice(2));
  expect(beyondCap(lines, Number.POSITIVE_INFINITY).size).toBe(0);
});

test('a title becomes a folder name', () => {
  expect(slugOf('Last Car to Salt Hill')).toBe('last-car-to-salt-hill');
  expect(slugOf('  Été à Zürich! ')).toBe('ete-a-zurich');
  expect(slugOf('…')).toBe('');
});
