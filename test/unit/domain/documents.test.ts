import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchConfigSchema } from '../../../src-shared/domain/batch.ts';
import { bibleFileSchema } from '../../../src-shared/domain/bible.ts';
import { sha256Schema, shortHash } from '../../../src-shared/domain/hash.ts';
import {
  compareNatural,
  episodeIdSchema,
  episodeOfShot,
  shortShotId,
  shotIdSchema,
  takeIdOf,
  takeIdSchema,
} from '../../../src-shared/domain/ids.ts';
import { nextPhase, phases, previousPhase } from '../../../src-shared/domain/phase.ts';
import { keyframePrompt, planFileSchema, planShotSchema, videoPrompt } from '../../../src-shared/domain/plan.ts';
import { projectFileSchema } from '../../../src-shared/domain/project.ts';
import { makePlan, makePlanShot } from '../../fixtures/make-project.ts';

describe('ids', () => {
  it('are strict, because they become names of files', () => {
    for (const id of ['EP1', 'ep001', 'EP0001', 'EP001/..', 'EP001\n', ' EP001'])
      expect(episodeIdSchema.safeParse(id).success).toBe(false);
    for (const id of ['EP001_SH01', 'EP001_SH001a', 'EP001_SH001/', 'EP001-SH001', 'EP001_SH001\n']) {
      expect(shotIdSchema.safeParse(id).success).toBe(false);
    }
    for (const id of ['EP001_SH001', 'EP001_SH0120', 'EP001_SH012A']) {
      expect(shotIdSchema.parse(id)).toBe(id);
      expect(`${episodeOfShot(id)}_${shortShotId(id)}`).toBe(id);
      expect(takeIdSchema.parse(takeIdOf(id, 12))).toBe(`${id}_T12`);
    }
  });

  it('are ordered as people count', () => {
    expect(['SH10', 'SH2', 'SH012A', 'SH012'].sort(compareNatural)).toEqual(['SH2', 'SH10', 'SH012', 'SH012A']);
  });

  it('hold whole hashes only', () => {
    const hash = `sha256:${'0123456789abcdef'.repeat(4)}`;
    expect(shortHash(sha256Schema.parse(hash))).toBe('0123456789ab');
    for (const bad of ['sha256:abc', 'sha256:0123456789abcdef', '', hash.toUpperCase(), hash.slice(7), `${hash}0`]) {
      expect(sha256Schema.safeParse(bad).success).toBe(false);
    }
  });
});

describe('phases', () => {
  it('follow each other and come back', () => {
    expect(phases.map(nextPhase)).toEqual(['keyframe', 'video', null]);
    expect(phases.map(previousPhase)).toEqual([null, 'previs', 'keyframe']);
  });
});

describe('a plan', () => {
  const issues = (change: object) => {
    const parsed = planFileSchema.safeParse({ ...makePlan(2), ...change });
    return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  };

  it('names what is wrong with it', () => {
    const [first] = makePlan(1).shots;
    expect(issues({ shots: [] })).toEqual(['shots: a plan needs at least one shot']);
    expect(issues({ shots: [first, first] })).toEqual(['shots.1.shot_id: EP001_SH001 is listed twice']);
    expect(issues({ episode_id: 'EP002' })).toContain('shots.0.shot_id: not a shot of EP002');
    expect(issues({ scenes: [] })).toContain('shots.0.scene_id: no scene EP001_SC01 in this plan');
  });

  it('lasts five seconds where it does not say how long', () => {
    const shot = makePlanShot(1);
    const { duration: _, ...routing_data } = shot.routing_data;
    expect(planShotSchema.parse({ ...shot, routing_data }).routing_data.duration).toBe(5);
  });

  it('makes its prompts from the fullest text there is', () => {
    const shot = makePlanShot(1);
    expect(keyframePrompt(shot)).toBe(
      'A wooden pier at night. Mara in a grey coat. She turns, take 1. Slow push in. One lamp.',
    );
    expect(videoPrompt(shot)).toBe('She turns, take 1. Slow push in.');
    const skeleton = { ...shot.prompt_data.prompt_skeleton, compiled_prompt: '  All of it. ' };
    expect(keyframePrompt({ ...shot, prompt_data: { ...shot.prompt_data, prompt_skeleton: skeleton } })).toBe(
      'All of it.',
    );
    const empty = Object.fromEntries(Object.keys(skeleton).map((key) => [key, ' '])) as typeof skeleton;
    const bare = { ...shot, prompt_data: { ...shot.prompt_data, prompt_skeleton: empty, description: 'Only this.' } };
    expect([keyframePrompt(bare), videoPrompt(bare)]).toEqual(['Only this.', 'Only this.']);
  });

  it('is parsed to the same when it is parsed again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (shots) => {
        const plan = makePlan(shots);
        expect(planFileSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
      }),
      { numRuns: 20 },
    );
  });
});

describe('other documents', () => {
  it('keep plans and scripts inside the project', () => {
    const base = { schema_version: 'circletake.project.v1', slug: 's', title: 't' };
    const withPlan = (plan: string) =>
      projectFileSchema.safeParse({ ...base, episodes: [{ id: 'EP001', title: 't', plan }] });
    expect(withPlan('plans/ep_001_plan.json').success).toBe(true);
    for (const plan of ['/etc/passwd', 'C:\\plan.json', 'plans\\x.json', ''])
      expect(withPlan(plan).success).toBe(false);
    expect(projectFileSchema.safeParse({ ...base, episodes: [] }).success).toBe(false);
  });

  it('refuse a prop of a character that the bible does not know', () => {
    const bible = { schema_version: 'circletake.bible.v1', title: 't', characters: [], locations: [] };
    const prop = { id: 'lamp', name: 'Lamp', associated_characters: ['nobody'] };
    expect(bibleFileSchema.safeParse({ ...bible, props: [prop] }).error?.issues[0]?.message).toContain(
      'no character nobody',
    );
  });

  it('deep-merge retry policies, and take an empty list for a mistake', () => {
    const config = batchConfigSchema.parse({ episodeId: 'EP001', retryPolicies: { transient: { maxRetries: 1 } } });
    expect(config.retryPolicies.transient).toEqual({
      ...{ maxRetries: 1, baseBackoffSeconds: 5, maxBackoffSeconds: 120, backoffMultiplier: 2 },
    });
    expect(config.retryPolicies.gate_identity.maxRetries).toBe(2);
    expect(batchConfigSchema.parse(config)).toEqual(config);
    expect(batchConfigSchema.safeParse({ episodeId: 'EP001', shotFilter: [] }).success).toBe(false);
    expect(batchConfigSchema.safeParse({ episodeId: 'EP001', phases: [] }).success).toBe(false);
  });

  it('have the caps and limits of the sheet where nothing else is said', () => {
    expect(batchConfigSchema.parse({ episodeId: 'EP001' })).toMatchObject({
      ...{
        phases: ['previs', 'keyframe', 'video'],
        budgetMicroUsd: 25_000_000,
        maxConcurrent: 2,
        maxAttemptsPerShot: 5,
      },
      autonomy: {
        ...{ enabled: false, require_all_gates_pass: true, require_gate3: false, max_auto_approve_per_batch: 0 },
        exclude_shot_types: ['two_shot', 'complex'],
      },
    });
    const episodes = [{ id: 'EP001', title: 't', plan: 'plans/ep_001_plan.json' }];
    const base = { schema_version: 'circletake.project.v1', slug: 's', title: 't', episodes };
    expect(projectFileSchema.parse(base)).toMatchObject({
      caps: { batch_micro_usd: 25_000_000, project_micro_usd: 50_000_000, retry_micro_usd_per_shot: 6_000_000 },
      ...{ aspect: { width: 9, height: 16 }, auto_advance_phases: [], default_provider: 'embedded' },
    });
  });

  it('take a shot or a phase that is listed twice once, and phases in the order of the line', () => {
    const shotFilter = ['EP001_SH002', 'EP001_SH001', 'EP001_SH002'];
    const config = batchConfigSchema.parse({ episodeId: 'EP001', phases: ['video', 'previs', 'video'], shotFilter });
    expect(config).toMatchObject({ phases: ['previs', 'video'], shotFilter: ['EP001_SH002', 'EP001_SH001'] });
  });
});
