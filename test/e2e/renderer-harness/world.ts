/** A project in memory with every kind of state a director can meet. For looking at the renderer; never shipped. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectSnapshot } from '../../../src-shared/api/projects-contract.ts';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { batchConfigSchema } from '../../../src-shared/domain/batch.ts';
import type { EventBody, JournalEvent, Problem } from '../../../src-shared/domain/journal.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import { type PlanFile, planFileSchema } from '../../../src-shared/domain/plan.ts';
import type { ProductionState } from '../../../src-shared/domain/production-state.ts';
import { type ProjectFile, projectFileSchema } from '../../../src-shared/domain/project.ts';
import type { RefSubject } from '../../../src-shared/domain/ref.ts';
import type { Review } from '../../../src-shared/domain/review.ts';
import type { Shot, ShotPhase } from '../../../src-shared/domain/shot.ts';
import type { Take } from '../../../src-shared/domain/take.ts';

export interface World {
  project: ProjectFile;
  plan: PlanFile;
  shots: Map<string, Shot>;
  takes: Map<string, Take>;
  reviews: Review[];
  batches: Map<string, Batch>;
  problems: Problem[];
  subjects: RefSubject[];
  journal: JournalEvent[];
  waiting: Set<() => void>;
  /** how many copies of the plan's shots the episode has, for a long list */
  copies: number;
}

const startedAt = '2026-05-04T09:00:00.000Z';

/** Reads the sample project's documents and puts every shot into a state. */
export async function makeWorld(projectFolder: string, copies = 1): Promise<World> {
  const read = async (path: string) => JSON.parse(await readFile(join(projectFolder, path), 'utf8')) as unknown;
  const project = projectFileSchema.parse(await read('project.json'));
  const plan = planFileSchema.parse(await read('plans/ep_001_plan.json'));
  const world: World = {
    project,
    plan,
    shots: new Map(),
    takes: new Map(),
    reviews: [],
    batches: new Map(),
    problems: [],
    subjects: [],
    journal: [],
    waiting: new Set(),
    copies,
  };
  for (let copy = 0; copy < copies; copy += 1) {
    plan.shots.forEach((entry, index) => {
      const order = copy * plan.shots.length + index;
      const id = `${plan.episode_id}_SH${String(order + 1).padStart(3, '0')}`;
      const scene = plan.scenes.find((one) => one.scene_id === entry.scene_id);
      world.shots.set(id, {
        id,
        episodeId: plan.episode_id,
        sceneId: `${entry.scene_id}${copy === 0 ? '' : `_${copy}`}`,
        sceneHeading: scene?.heading ?? '',
        order,
        standing: 'planned',
        plan: { ...entry, shot_id: id },
        phases: {
          previs: phaseOf(id, 'previs', 'queued'),
          keyframe: phaseOf(id, 'keyframe', 'blocked'),
          video: phaseOf(id, 'video', 'blocked'),
        },
      });
    });
  }
  return world;
}

export function phaseOf(shotId: string, phase: Phase, state: ProductionState): ShotPhase {
  return {
    shotId,
    phase,
    state,
    outcome: state === 'stabilized' ? 'approved' : null,
    version: 0,
    enteredAt: startedAt,
    reason: null,
    approvedTakeId: null,
    workflowId: null,
    series: 0,
    attempts: 0,
    remediationCount: state === 'remediating' ? 1 : 0,
    remediationLimit: 2,
    retryAt: null,
    spentMicroUsd: 0,
  };
}

/** Writes an event and wakes the streams. */
export function emit(world: World, body: EventBody): void {
  world.journal.push({
    seq: world.journal.length + 1,
    at: new Date().toISOString(),
    projectId: world.project.slug,
    body,
  });
  for (const wake of [...world.waiting]) wake();
}

/** Changes one phase and says so. */
export function setPhase(world: World, shotId: string, phase: Phase, change: Partial<ShotPhase>): ShotPhase {
  const shot = world.shots.get(shotId);
  if (shot === undefined) throw new Error(`no shot ${shotId}`);
  const before = shot.phases[phase];
  const next = { ...before, ...change, version: before.version + 1 };
  world.shots.set(shotId, { ...shot, phases: { ...shot.phases, [phase]: next } });
  emit(world, {
    type: 'station_transition',
    shotPhase: next,
    from: before.state,
    cause: 'work-started',
    station: null,
    elapsedMs: 1000,
  });
  return next;
}

export function snapshotOf(world: World): ProjectSnapshot {
  const summaries: ProjectSnapshot['summaries'] = {};
  for (const shot of world.shots.values()) {
    const takes = [...world.takes.values()].filter((take) => take.shotId === shot.id);
    const approved = (['video', 'keyframe', 'previs'] as const)
      .map((phase) => shot.phases[phase].approvedTakeId)
      .find((id) => id !== null);
    summaries[shot.id] = {
      takeCount: takes.length,
      posterTakeId: approved ?? takes.at(-1)?.id ?? null,
      spentMicroUsd: takes.reduce((sum, take) => sum + take.costMicroUsd, 0),
    };
  }
  const running = [...world.batches.values()].at(-1);
  return {
    seq: world.journal.length,
    projectId: world.project.slug,
    displayPath: `/projects/${world.project.slug}`,
    project: world.project,
    episodeId: world.plan.episode_id,
    shots: [...world.shots.values()],
    summaries,
    batches: [...world.batches.values()],
    spend: { settledMicroUsd: 3_420_000, reservedMicroUsd: 640_000, inDoubtMicroUsd: 250_000, capMicroUsd: 50_000_000 },
    lineState: running === undefined ? 'idle' : running.status === 'running' ? 'active' : 'stopped',
    problems: world.problems,
  };
}

/** A batch that is under way. */
export function makeBatch(world: World, config: unknown): Batch {
  const parsed = batchConfigSchema.parse(config);
  const total = world.shots.size;
  return {
    id: `B${world.batches.size + 1}`,
    episodeId: parsed.episodeId,
    status: 'running',
    config: parsed,
    awaitingOperator: false,
    createdAt: startedAt,
    startedAt,
    completedAt: null,
    statusReason: null,
    counts: { total, pending: total - 6, inReview: 4, completed: 2, halted: 0 },
    spend: {
      settledMicroUsd: 3_420_000,
      reservedMicroUsd: 640_000,
      inDoubtMicroUsd: 250_000,
      capMicroUsd: parsed.budgetMicroUsd,
    },
    autoApproved: 0,
  };
}
