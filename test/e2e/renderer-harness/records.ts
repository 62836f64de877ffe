/** Recipe and gate results that the harness shows for a take. */

import { keyframePrompt, videoPrompt } from '../../../src-shared/domain/plan.ts';
import type { ProvenanceRecord } from '../../../src-shared/domain/provenance.ts';
import type { Take, TakeDetail } from '../../../src-shared/domain/take.ts';
import type { GateResult } from '../../../src-shared/domain/verdict.ts';
import type { World } from './world.ts';

export function detailOf(world: World, take: Take): TakeDetail {
  return {
    take,
    provenance: recordOf(world, take),
    gates: take.gateStatus === null ? [] : gatesOf(take),
    displayPath: `/projects/${world.project.slug}/${take.path}`,
  };
}

function recordOf(world: World, take: Take): ProvenanceRecord {
  const plan = world.shots.get(take.shotId)?.plan;
  const hero = world.subjects[0]?.slots[0]?.hero;
  const prompt = plan === undefined ? '' : take.phase === 'video' ? videoPrompt(plan) : keyframePrompt(plan);
  return {
    take_id: take.id,
    shot_id: take.shotId,
    episode_id: world.plan.episode_id,
    project: world.project.slug,
    attempt: take.number,
    timestamp: take.createdAt,
    source: take.source,
    media: { path: take.path, sha256: take.sha256, size_bytes: take.probe.sizeBytes },
    generation: {
      phase: take.phase,
      provider: take.provider,
      model: take.model,
      endpoint: 'local/embedded',
      workflow: take.phase === 'video' ? 'embedded-i2v' : 'embedded-still',
      provider_job_id: `job-${take.number}-7f3a`,
      prompt,
      negative_prompt: plan?.prompt_data.negative_prompt ?? '',
      seed: take.seed,
      params: { steps: 28, guidance: 3.5, motion: 'slow push' },
      refs_used: hero ? [{ role: 'Ines · identity/front', path: hero.path, hash: hero.sha256 }] : [],
      request_sha256: take.sha256,
    },
    gates: {},
    cost: { generation: take.costMicroUsd / 1e6, gates: 0 },
    ...(take.parentTakeId === null
      ? {}
      : {
          lineage: {
            parent_take: take.parentTakeId,
            change_reason: 'Rejected: motion. “The push is too fast.”',
            prompt_diff: '+ slow push',
          },
        }),
  };
}

function gatesOf(take: Take): GateResult[] {
  const isClip = take.probe.kind === 'clip';
  const base = { costMicroUsd: 0, policyVersion: 'qc_policy.v1' };
  const needsEyes = take.gateStatus === 'review';
  const mechanical: GateResult = {
    ...base,
    gate: 'gate_1',
    status: take.gateStatus === 'fail' ? 'fail' : 'pass',
    reason:
      take.gateStatus === 'fail'
        ? 'The picture is softer than the limit.'
        : 'Every mechanical measurement is within its limit.',
    durationMs: 182,
    measurements: [
      { metric: 'picture size', value: '360 × 640', unit: null, threshold: '360 × 640', status: 'pass' },
      {
        metric: 'sharpness',
        value: take.gateStatus === 'fail' ? 41.2 : 88.4,
        unit: null,
        threshold: '≥ 60',
        status: take.gateStatus === 'fail' ? 'fail' : 'pass',
      },
      { metric: 'black frames', value: 0, unit: 'frames', threshold: '≤ 2', status: 'pass' },
    ],
    findings: [],
  };
  const identity: GateResult = {
    ...base,
    gate: 'gate_2a_identity',
    status: 'deferred',
    reason: 'No face model is installed, so identity was not measured. You decide.',
    durationMs: 2,
    measurements: [{ metric: 'face similarity', value: null, unit: null, threshold: '≥ 0.72', status: 'unmeasurable' }],
    findings: [],
  };
  if (!isClip) return [mechanical, identity];
  const drift: GateResult = {
    ...base,
    gate: 'gate_3',
    status: needsEyes ? 'review' : 'pass',
    reason: needsEyes
      ? 'The picture freezes and its colour moves away from the first frame.'
      : 'No drift beyond its limit.',
    durationMs: 640,
    measurements: [
      {
        metric: 'colour drift',
        value: needsEyes ? 9.31 : 2.2,
        unit: 'ΔE',
        threshold: '≤ 6',
        status: needsEyes ? 'review' : 'pass',
      },
    ],
    findings: needsEyes
      ? [
          { code: 'freeze', severity: 'minor', message: 'The picture stands still', startFrame: 22, endFrame: 27 },
          { code: 'drift', severity: 'major', message: 'Colour drifts', startFrame: 60, endFrame: null },
        ]
      : [],
  };
  return [mechanical, identity, drift];
}
