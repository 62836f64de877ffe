/** A production of faulty jobs: made, started, and worked off as far as it goes without anybody who knows more. */
import { join } from 'node:path';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { keyframePrompt, type PlanShot, planFileSchema } from '../../../src-shared/domain/plan.ts';
import { isInFlight } from '../../../src-shared/domain/production-state.ts';
import { makePng } from '../../fixtures/make-png.ts';
import { type MadeProject, makePlan, makeProject } from '../../fixtures/make-project.ts';
import type { OpenStudio } from '../../fixtures/spawn-studio.ts';
import { type FaultJob, slateOf, withoutRefs } from './fault-jobs.ts';

const noRefs = { characters: [], location_id: null, location_slot: null, props: [] };

/** A rehearsal whose every shot carries its slate in its prompts. */
export function makeFaultProject(jobs: readonly FaultJob[], dir: string): MadeProject {
  const project = makeProject({
    ...{ shots: jobs.length, dir: join(dir, 'project') },
    project: {
      ...{ rehearsal: true, default_provider: 'fal', resolution: { width: 720, height: 1280 } },
      caps: { batch_micro_usd: 900_000_000, project_micro_usd: 900_000_000, retry_micro_usd_per_shot: 50_000_000 },
    },
  });
  const slated = (shot: PlanShot, index: number): PlanShot => {
    const { prompt_skeleton } = shot.prompt_data;
    const slate = slateOf(shot.shot_id);
    const lines = {
      compiled_prompt: `${keyframePrompt(shot)} ${slate}`,
      action_line: `${prompt_skeleton.action_line} ${slate}`,
    };
    const provider = jobs[index]?.provider;
    const asset_data = provider && withoutRefs.has(provider) ? noRefs : shot.asset_data;
    return {
      ...{ ...shot, asset_data },
      routing_data: { pipeline: 'i2v', duration: 3 },
      prompt_data: { ...shot.prompt_data, prompt_skeleton: { ...prompt_skeleton, ...lines } },
    };
  };
  project.writePlan(planFileSchema.parse(makePlan(jobs.length, slated)));
  return project;
}

/** Chooses each job's engine, gives clips the stills that they start from, and starts the batch. */
export async function startFaultBatch(open: OpenStudio, jobs: readonly FaultJob[]): Promise<Batch> {
  const { review } = open.services;
  for (const [index, { shotId, phase, workflowId }] of jobs.entries()) {
    if (phase === 'video') {
      await giveStill(open, { shotId, phase: 'previs' }, [index % 256, 60, 90]);
      await giveStill(open, { shotId, phase: 'keyframe' }, [index % 256, 140, 30]);
    }
    await review.reroute({ shotId, phase, workflowId, note: 'As the test wants it.' });
  }
  return open.start({
    ...{ phases: ['previs', 'video'], provider: 'fal', budgetMicroUsd: 800_000_000, maxConcurrent: 12 },
    retryPolicies: { transient: { baseBackoffSeconds: 0.2, maxBackoffSeconds: 1 } },
  });
}

async function giveStill(
  { studio, services }: OpenStudio,
  at: { shotId: string; phase: 'previs' | 'keyframe' },
  colour: [number, number, number],
): Promise<void> {
  const bytes = makePng(72, 128, colour);
  const file = { fileName: 'still.png', declaredBytes: bytes.byteLength };
  const { uploadId } = await studio.uploads.receive(
    file,
    (async function* () {
      yield bytes;
    })(),
  );
  await services.review.override({ ...at, uploadId, reason: 'The clip starts from it.' });
}

/**
 * Resolves when nothing more happens but that providers are asked again about doubts of which they know nothing. Whoever
 * paused the batch, an account without money for example, it goes on.
 */
export function workOff(open: OpenStudio, jobs: readonly FaultJob[]): Promise<true> {
  const { services } = open;
  return open.until(async () => {
    const [batch] = await services.batches.list();
    if (batch?.status === 'paused') await services.batches.resume(batch.id);
    const { doubts } = await services.attempts.inDoubt();
    const known = doubts.filter(
      ({ listing, canAsk }) => !canAsk || (listing !== null && listing.finding !== 'trouble'),
    );
    const doubtful = new Set(known.map(({ attempt }) => attempt.shotId));
    const { shots } = await services.snapshot('EP001');
    const byId = new Map(shots.map((shot) => [shot.id, shot]));
    return jobs.every(({ shotId, phase }) => {
      const state = byId.get(shotId)?.phases[phase].state ?? 'queued';
      if (doubtful.has(shotId)) return state === 'remediating' || state === 'awaiting_operator';
      return state !== 'queued' && state !== 'remediating' && !isInFlight(state);
    });
  });
}
