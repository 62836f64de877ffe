/** The contract over the world in memory: enough behaviour to drive every screen. */
import { implement, ORPCError, type Router } from '@orpc/server';
import { contract } from '../../../src-shared/api/contract.ts';
import { sliceSnapshot } from '../../../src-shared/api/snapshot-slices.ts';
import type { UploadReceipt } from '../../../src-shared/api/upload.ts';
import type { BatchConfig, EstimateLine } from '../../../src-shared/domain/batch.ts';
import { attemptsRouter } from './attempts-router.ts';
import { learningRouter } from './learning-router.ts';
import { detailOf } from './records.ts';
import { notHeld, reviewRouter, takeOf } from './review-router.ts';
import { settingsRouter } from './settings-router.ts';
import { emit, makeBatch, setPhase, snapshotOf, type World } from './world.ts';

export interface HarnessState {
  world: World;
  uploads: Map<string, UploadReceipt & { path: string }>;
  known: boolean;
}

const os = implement(contract);

export function makeRouter(state: HarnessState): Router<typeof contract, Record<never, never>> {
  const { world } = state;
  const project = () => ({
    id: world.project.slug,
    title: world.project.title,
    displayPath: `/projects/${world.project.slug}`,
    open: true,
    lastOpenedAt: null,
    trouble: null,
  });
  return os.router({
    system: {
      info: os.system.info.handler(() => ({ version: '0.1.0', checks: [], maxUploadBytes: 1_000_000_000 })),
    },
    projects: {
      list: os.projects.list.handler(() => (state.known ? [project()] : [])),
      open: os.projects.open.handler(project),
      close: os.projects.close.handler(() => ({ closed: true })),
      create: os.projects.create.handler(() => {
        state.known = true;
        return project();
      }),
      snapshot: os.projects.snapshot.handler(async function* () {
        yield* sliceSnapshot(snapshotOf(world));
      }),
    },
    takes: {
      list: os.takes.list.handler(({ input }) => ({
        seq: world.journal.length,
        takes: [...world.takes.values()].filter((take) => take.shotId === input.shotId),
      })),
      detail: os.takes.detail.handler(({ input }) => detailOf(world, takeOf(world, input.takeId))),
      verify: os.takes.verify.handler(({ input }) => verify(world, input.takeId)),
      prepare: os.takes.prepare.handler(() => ({ requested: true })),
    },
    review: reviewRouter(state),
    batches: batchRouter(world),
    attempts: attemptsRouter(world),
    refs: refsRouter(state),
    learning: learningRouter(),
    settings: settingsRouter(),
    rehearsals: {
      start: os.rehearsals.start.handler(({ input }) => ({ projectId: input.projectId, batchId: 'batch_1' })),
      remove: os.rehearsals.remove.handler(() => ({ removed: true })),
    },
    handoff: {
      exportEpisode: os.handoff.exportEpisode.handler(() => ({
        manifestPath: '',
        manifestJsonlPath: '',
        selectsPath: '',
        takes: 0,
        selects: 0,
      })),
    },
    events: {
      stream: os.events.stream.handler(async function* ({ input, signal }) {
        let sent = input.since;
        while (!signal?.aborted) {
          for (const event of world.journal.slice(sent)) yield event;
          sent = world.journal.length;
          await new Promise<void>((resolve) => {
            const wake = () => {
              world.waiting.delete(wake);
              resolve();
            };
            world.waiting.add(wake);
            signal?.addEventListener('abort', wake);
          });
        }
      }),
    },
  });
}

function estimateLines(world: World, config: BatchConfig): EstimateLine[] {
  const ids = config.shotFilter ?? [...world.shots.keys()];
  return ids.flatMap((shotId, index) =>
    config.phases.map((phase) => ({
      ...{ shotId, phase, provider: config.provider },
      model: phase === 'video' ? 'embedded-motion-1' : 'embedded-still-1',
      costMicroUsd: phase === 'video' ? 320_000 : 40_000,
      refusal: index === 4 && phase === 'keyframe' ? 'No hero for char:anselm:identity/three_quarter.' : null,
    })),
  );
}

function batchRouter(world: World) {
  const change = (batchId: string, status: 'running' | 'paused' | 'complete') => {
    const batch = world.batches.get(batchId);
    if (batch === undefined) throw new ORPCError('batch.not-found');
    const next = { ...batch, status };
    world.batches.set(batchId, next);
    emit(world, { type: 'batch_changed', batch: next });
    return next;
  };
  return {
    estimate: os.batches.estimate.handler(({ input }) => {
      const lines = estimateLines(world, input.config);
      const runnable = lines.filter((line) => line.refusal === null);
      const totalMicroUsd = runnable.reduce((sum, line) => sum + (line.costMicroUsd ?? 0), 0);
      const capMicroUsd = input.config.budgetMicroUsd;
      const refused = lines.length - runnable.length;
      const fitsBudget = totalMicroUsd <= capMicroUsd;
      return { lines, runnable: runnable.length, refused, totalMicroUsd, capMicroUsd, fitsBudget };
    }),
    preflight: os.batches.preflight.handler(async function* ({ input }) {
      const lines = estimateLines(world, input.config);
      for (let from = 0; from < lines.length; from += 250) yield lines.slice(from, from + 250);
    }),
    start: os.batches.start.handler(({ input }) => {
      const batch = makeBatch(world, input.config);
      world.batches.set(batch.id, batch);
      emit(world, { type: 'batch_changed', batch });
      return batch;
    }),
    pause: os.batches.pause.handler(({ input }) => change(input.batchId, 'paused')),
    resume: os.batches.resume.handler(({ input }) => change(input.batchId, 'running')),
    stop: os.batches.stop.handler(({ input }) => change(input.batchId, 'complete')),
    cancelRetry: os.batches.cancelRetry.handler(({ input: { shotId, phase } }) =>
      setPhase(world, shotId, phase, { state: 'awaiting_operator', retryAt: null }),
    ),
    list: os.batches.list.handler(() => [...world.batches.values()]),
  };
}

function refsRouter(state: HarnessState) {
  const { world } = state;
  return {
    list: os.refs.list.handler(() => ({ seq: world.journal.length, subjects: world.subjects })),
    inspect: os.refs.inspect.handler(({ input, errors }) => {
      const upload = state.uploads.get(input.uploadId);
      if (upload === undefined) throw notHeld(errors);
      if (!/\.(png|jpe?g|webp)$/i.test(upload.fileName)) {
        throw errors['ref.refused']({
          message: `${upload.fileName} is not an image that can be a reference.`,
          data: { hint: 'Give a PNG, JPEG or WebP of at least 512 pixels on its short side.', retry: false },
        });
      }
      const { uploadId, sha256, fileName, sizeBytes } = upload;
      return {
        uploadId,
        sha256,
        fileName,
        width: 360,
        height: 640,
        sizeBytes,
        mimeType: 'image/png',
        warnings: ['Smaller than 512 pixels on its short side.'],
      };
    }),
    promote: os.refs.promote.handler(({ input, errors }) => {
      const upload = state.uploads.get(input.uploadId);
      const slot = slotOf(world, input.slot);
      if (upload === undefined || slot === undefined) throw notHeld(errors);
      const promotion = {
        subject_class: input.slot.subjectClass,
        subject_id: input.slot.subjectId,
        kind: input.slot.kind,
        view: input.slot.view,
        path: `assets/pool/${upload.fileName}`,
        sha256: upload.sha256,
        source: upload.fileName,
        promoted_at: new Date().toISOString(),
        supersedes: slot.hero?.sha256 ?? null,
      };
      slot.hero = promotion;
      slot.history = [...slot.history, promotion];
      emit(world, { type: 'ref_promoted', promotion, affectedTakes: [] });
      return promotion;
    }),
    undo: os.refs.undo.handler(({ input, errors }) => {
      const slot = slotOf(world, input.slot);
      const before = slot?.history.at(-2);
      if (slot === undefined || before === undefined) throw notHeld(errors);
      slot.history = [...slot.history, before];
      slot.hero = before;
      emit(world, { type: 'ref_promoted', promotion: before, affectedTakes: [] });
      return before;
    }),
  };
}

function slotOf(world: World, key: { subjectId: string; kind: string; view: string }) {
  return world.subjects
    .flatMap((subject) => subject.slots)
    .find(({ slot }) => slot.subjectId === key.subjectId && slot.kind === key.kind && slot.view === key.view);
}

function verify(world: World, takeId: string) {
  const take = takeOf(world, takeId);
  const hero = world.subjects[0]?.slots[0]?.hero;
  const changed = `sha256:${'0'.repeat(64)}`;
  return {
    takeId,
    verifiedAt: new Date().toISOString(),
    files: [
      {
        role: 'take',
        path: take.path,
        recordedSha256: take.sha256,
        actualSha256: take.sha256,
        result: 'matches' as const,
      },
      ...(hero
        ? [
            {
              role: 'Ines · identity/front',
              path: hero.path,
              recordedSha256: hero.sha256,
              actualSha256: changed,
              result: 'changed' as const,
            },
            {
              role: 'Salt Hill · plate/wide',
              path: 'assets/loc/salt_hill/wide.png',
              recordedSha256: hero.sha256,
              actualSha256: null,
              result: 'missing' as const,
            },
          ]
        : []),
    ],
  };
}
