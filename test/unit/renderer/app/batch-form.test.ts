import { describe, expect, test } from 'vitest';
import { newBatchForm, toBatchConfig } from '../../../../src-renderer/app/batch-form.ts';
import { slugOf } from '../../../../src-renderer/app/project-slug.ts';
import { batchConfigSchema } from '../../../../src-shared/domain/batch.ts';
import { sampleSnapshot } from '../../../fakes/api-samples.ts';

const { project } = sampleSnapshot(0);
const form = newBatchForm(project);
const place = { project, episodeId: 'EP001', shotId: 'EP001_SH002', listedShotIds: ['EP001_SH001', 'EP001_SH002'] };

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

test('a title becomes a folder name', () => {
  expect(slugOf('Last Car to Salt Hill')).toBe('last-car-to-salt-hill');
  expect(slugOf('  Été à Zürich! ')).toBe('ete-a-zurich');
  expect(slugOf('…')).toBe('');
});
