/** Small valid values of everything that the contract answers with. */
import type { ProjectSnapshot } from '../../src-shared/api/projects-contract.ts';
import type { Decided } from '../../src-shared/api/review-contract.ts';
import type { Attempt } from '../../src-shared/domain/attempt.ts';
import type { Doubt } from '../../src-shared/domain/attempt-step.ts';
import { type Batch, batchConfigSchema } from '../../src-shared/domain/batch.ts';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import { projectFileSchema } from '../../src-shared/domain/project.ts';
import type { KeyTest, ProviderSettings } from '../../src-shared/domain/provider-settings.ts';
import type { RefPromotion, SlotKey } from '../../src-shared/domain/ref.ts';
import type { Shot, ShotPhase } from '../../src-shared/domain/shot.ts';
import type { Take, TakeDetail } from '../../src-shared/domain/take.ts';

export const sampleTime = '2026-01-02T03:04:05.000Z';
export const sampleHash = `sha256:${'ab'.repeat(32)}`;

export function sampleShotPhase(phase: Phase, shotId = 'EP001_SH001'): ShotPhase {
  return {
    shotId,
    phase,
    state: phase === 'previs' ? 'awaiting_operator' : 'blocked',
    outcome: null,
    version: 1,
    enteredAt: sampleTime,
    reason: null,
    approvedTakeId: null,
    workflowId: null,
    series: 0,
    attempts: 1,
    remediationCount: 0,
    remediationLimit: 3,
    retryAt: null,
    spentMicroUsd: 0,
  };
}

export function sampleShot(id = 'EP001_SH001', order = 0): Shot {
  return {
    id,
    episodeId: 'EP001',
    sceneId: 'sc1',
    sceneHeading: 'EXT. HILL - NIGHT',
    order,
    standing: 'planned',
    plan: {
      shot_id: id,
      scene_id: 'sc1',
      prompt_data: {
        shot_type: 'wide',
        description: 'A car.',
        prompt_skeleton: {
          compiled_prompt: '',
          scene_line: '',
          subject_line: '',
          action_line: '',
          camera_line: '',
          lighting_line: '',
        },
        negative_prompt: '',
      },
      routing_data: { pipeline: 'i2v', duration: 3 },
      asset_data: { characters: [], location_id: null, location_slot: null, props: [] },
      dialogue: [],
    },
    phases: {
      previs: sampleShotPhase('previs', id),
      keyframe: sampleShotPhase('keyframe', id),
      video: sampleShotPhase('video', id),
    },
  };
}

export function sampleTake(id = 'EP001_SH001_T1'): Take {
  return {
    id,
    shotId: id.slice(0, id.lastIndexOf('_')),
    phase: 'previs',
    number: Number(id.slice(id.lastIndexOf('_T') + 2)),
    source: 'generated',
    path: 'output/EP001/SH001/SH001_T1_previs.png',
    sha256: sampleHash,
    probe: {
      kind: 'still',
      container: 'png',
      mimeType: 'image/png',
      width: 64,
      height: 64,
      rotation: 0,
      durationSeconds: null,
      frameRate: null,
      frameCount: null,
      videoCodec: null,
      pixelFormat: null,
      hasAudio: false,
      audioCodec: null,
      sizeBytes: 10,
      playability: 'native',
      problem: null,
    },
    prepared: null,
    attemptId: null,
    parentTakeId: null,
    provider: 'embedded',
    model: 'embedded-still',
    seed: 7,
    costMicroUsd: 0,
    review: 'unreviewed',
    gateStatus: 'pass',
    madeWithOldHero: false,
    createdAt: sampleTime,
  };
}

export function sampleDetail(take: Take, displayPath: string): TakeDetail {
  return {
    take,
    provenance: {
      take_id: take.id,
      shot_id: take.shotId,
      episode_id: 'EP001',
      project: 'demo',
      attempt: 1,
      timestamp: sampleTime,
      source: take.source,
      media: { path: take.path, sha256: take.sha256, size_bytes: take.probe.sizeBytes },
      generation: {
        phase: take.phase,
        provider: take.provider,
        model: take.model,
        endpoint: null,
        workflow: null,
        provider_job_id: null,
        prompt: 'A car.',
        negative_prompt: '',
        seed: take.seed,
        params: {},
        refs_used: [],
        request_sha256: null,
      },
      gates: {},
      cost: {},
    },
    gates: [],
    displayPath,
  };
}

export function sampleBatch(id = 'batch_1', overrides: Partial<Batch> = {}): Batch {
  return {
    id,
    episodeId: 'EP001',
    status: 'running',
    config: batchConfigSchema.parse({ episodeId: 'EP001' }),
    awaitingOperator: false,
    createdAt: sampleTime,
    startedAt: sampleTime,
    completedAt: null,
    statusReason: null,
    counts: { total: 1, pending: 1, inReview: 0, completed: 0, halted: 0 },
    spend: { settledMicroUsd: 0, reservedMicroUsd: 0, inDoubtMicroUsd: 0, capMicroUsd: 25_000_000 },
    autoApproved: 0,
    ...overrides,
  };
}

export function sampleAttempt(id = 'att_1'): Attempt {
  const [shotId, phase] = ['EP001_SH001', 'previs'] as const;
  return {
    ...{ id, batchId: 'batch_1', shotId, phase, series: 0, number: 1, state: 'in_doubt' },
    request: {
      ...{ shotId, phase, workflowId: 'still', provider: 'embedded', model: 'embedded-still', endpoint: 'local' },
      ...{ prompt: 'A car.', negativePrompt: '', seed: 7, params: {}, refs: [], startFrame: null },
      output: {
        ...{
          kind: 'still',
          width: 64,
          height: 64,
          frameRate: { num: 24, den: 1 },
          durationSeconds: null,
          audio: false,
        },
      },
    },
    ...{ requestSha256: sampleHash, priceVersion: 'test', reservedMicroUsd: 40_000, actualMicroUsd: null },
    ...{ providerJobId: null, providerJob: null, parentTakeId: null, changeReason: null, takeId: null, failure: null },
    ...{ createdAt: sampleTime, updatedAt: sampleTime },
  };
}

export function sampleDoubt(attemptId = 'att_1'): Doubt {
  const attempt = sampleAttempt(attemptId);
  return { attempt, steps: [], since: sampleTime, canAsk: true, askAgainAt: null, listing: null };
}

export function sampleSnapshot(seq: number): ProjectSnapshot {
  const spend = { settledMicroUsd: 0, reservedMicroUsd: 0, inDoubtMicroUsd: 0, capMicroUsd: 50_000_000 };
  return {
    seq,
    projectId: 'demo',
    displayPath: '~/demo',
    project: projectFileSchema.parse({
      schema_version: 'circletake.project.v1',
      slug: 'demo',
      title: 'Demo',
      episodes: [{ id: 'EP001', title: 'One', plan: 'plans/ep_001_plan.json' }],
    }),
    episodeId: 'EP001',
    shots: [sampleShot()],
    summaries: { EP001_SH001: { takeCount: 1, posterTakeId: 'EP001_SH001_T1', spentMicroUsd: 0 } },
    batches: [],
    spend,
    lineState: 'idle',
    problems: [],
  };
}

export function sampleDecided(action: Decided['review']['action'], note: string): Decided {
  const review: Decided['review'] = {
    id: 'review_1',
    shotId: 'EP001_SH001',
    phase: 'previs',
    takeId: 'EP001_SH001_T1',
    action,
    reasons: [],
    note,
    workflowId: null,
    decidedBy: 'director',
    decidedAt: sampleTime,
    undoes: null,
    gateDisagreement: null,
    undone: false,
  };
  return { review, shotPhase: sampleShotPhase('previs') };
}

export function samplePromotion(slot: SlotKey): RefPromotion {
  return {
    subject_class: slot.subjectClass,
    subject_id: slot.subjectId,
    kind: slot.kind,
    view: slot.view,
    path: 'assets/char/mara/base/pool/identity/front.abababababab.png',
    sha256: sampleHash,
    source: 'upload',
    promoted_at: sampleTime,
    supersedes: null,
  };
}

export function sampleEvent(seq: number): JournalEvent {
  return { seq, at: sampleTime, projectId: 'demo', body: { type: 'problem_cleared', key: `problem-${seq}` } };
}

export const sampleKeyTest: KeyTest = { kind: 'accepted', detail: 'The key is accepted.', at: sampleTime };

export function sampleProvider(part: Partial<ProviderSettings> = {}): ProviderSettings {
  return {
    ...{ id: 'fal', title: 'fal', keyPlace: null, keyTrouble: null, lastTest: null, addressIsUsers: false },
    key: { hint: 'id and secret', getItAt: 'the dashboard', variable: 'CIRCLETAKE_KEY_FAL' },
    address: 'https://queue.example',
    ...part,
  };
}
