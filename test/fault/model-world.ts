/**
 * A production for the model test: the real orchestrator, decisions, intake and exports over the real SQLite store; disk,
 * clock and engine in memory, so that a crash can come before any effect and thousands of histories can be told.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import registry from '../../resources/workflow_registry.v1.json' with { type: 'json' };
import { exportEpisode } from '../../src-main/handoff/export-episode.ts';
import { createOrchestrator, type Orchestrator } from '../../src-main/orchestrator/orchestrator.ts';
import type { OrchestratorDeps } from '../../src-main/orchestrator/orchestrator-deps.ts';
import type { TakeGate } from '../../src-main/orchestrator/ports/gate.ts';
import type { ProjectStore } from '../../src-main/orchestrator/ports/project-store.ts';
import { silentLogger } from '../../src-main/platform/logger.ts';
import { recordExternal } from '../../src-main/projects/record-external.ts';
import { updateHumanReview } from '../../src-main/review/keep-records-current.ts';
import type { ReviewDeps } from '../../src-main/review/review-deps.ts';
import { openStore } from '../../src-main/store/open-store.ts';
import { readWorkflowRegistry } from '../../src-main/supervisor/workflow-registry.ts';
import { projectFileSchema } from '../../src-shared/domain/project.ts';
import type { GateStatus } from '../../src-shared/domain/verdict.ts';
import { FakeClock, settleMicrotasks } from '../fakes/fake-clock.ts';
import { FakeProvider } from '../fakes/fake-provider.ts';
import { hashText, MemoryDisk, memoryPaths } from '../fakes/memory-files.ts';
import { Life } from '../fakes/mortal.ts';
import { gateResult, makePlan, refPath, shotIdOf } from '../fakes/production-world.ts';

export const price = 120_000;
export const shotIds = [shotIdOf(1), shotIdOf(2)];

/** One process of the program, from its start to its end or its death. */
interface Session {
  life: Life;
  store: ProjectStore;
  orchestrator: Orchestrator;
  review: ReviewDeps;
}

export interface ModelWorld {
  readonly clock: FakeClock;
  readonly disk: MemoryDisk;
  readonly provider: FakeProvider;
  /** what the gate says of the next takes; nothing left = it passes them */
  readonly verdicts: GateStatus[];
  readonly session: Session;
  /** effects that the next process may still have; infinite unless a crash was planned */
  planCrash(effects: number): void;
  /** Lets happen what happens without a person; false when the process died of it. */
  rest(): Promise<boolean>;
  /** Ends the process in order, or drops what a killed one held, and starts the next. */
  reopen(): Promise<void>;
  /** A file appears in a shot's folder and is taken in. */
  ingest(shotId: string, name: string, content: string): Promise<string>;
  /** What a crash left of a file of the director's is found by the next look at the folder, and taken in. */
  takeInLeft(): Promise<void>;
  exportAll(): Promise<void>;
  remove(): Promise<void>;
}

const quickFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const project = projectFileSchema.parse({
  ...{ schema_version: 'circletake.project.v1', slug: 'test', title: 'Test' },
  episodes: [{ id: 'EP001', title: 'One', plan: 'plans/ep_001_plan.json' }],
});
const workflows = readWorkflowRegistry(registry);

/** Makes worlds by copying one database; `remove` when done. */
export function createModelWorlds(): { open(): Promise<ModelWorld>; remove(): void } {
  const folder = mkdtempSync(join(quickFolder, 'circletake-model-'));
  const template = join(folder, 'template', 'circletake.db');
  const clock = new FakeClock();
  const first = openStore({ ...storeOptions(template), clock });
  first.applyPlan(makePlan(shotIds.length));
  first.close();
  let made = 0;
  return {
    open() {
      const home = join(folder, String(++made));
      mkdirSync(home);
      copyFileSync(template, join(home, 'circletake.db'));
      return openWorld(home);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function openWorld(home: string): Promise<ModelWorld> {
  const clock = new FakeClock();
  const disk = new MemoryDisk();
  disk.contents.set(`/p/${refPath}`, 'a hill');
  const provider = new FakeProvider(disk, { capabilities: { reconcile: 'byId', reconcileGraceMs: 60_000 } });
  provider.price = price;
  const verdicts: GateStatus[] = [];
  const parts = { home, clock, disk, provider, verdicts, ids: countingIds() };
  let session = startSession(parts);
  await restOf(session, clock, () => session.orchestrator.recover());
  return {
    ...{ clock, disk, provider, verdicts },
    get session() {
      return session;
    },
    planCrash: (effects) => session.life.dieIn(effects),
    rest: () => restOf(session, clock, () => session.orchestrator.idle()),
    async reopen() {
      await endSession(session, clock);
      disk.emptyTemporary();
      session = startSession(parts);
      await restOf(session, clock, () => session.orchestrator.recover());
    },
    async ingest(shotId, name, content) {
      const path = `${memoryPaths.shotFolder(shotId).slice('/p/'.length)}/${name}`;
      disk.contents.set(`/p/${path}`, content);
      return takeIn(session, disk, clock, path);
    },
    async takeInLeft() {
      const takes = [...disk.contents.keys()].filter((path) =>
        /^\/p\/output\/EP\d+\/SH\d+\/SH\d+_T\d+_\w+\.png$/.test(path),
      );
      for (const path of takes.map((path) => path.slice('/p/'.length))) {
        if (!session.store.takeByPath(path)) await takeIn(session, disk, clock, path);
      }
    },
    async exportAll() {
      const { store } = session;
      for (const shotId of shotIds) updateHumanReview(store, shotId);
      await exportEpisode('EP001', {
        ...{ store, files: disk.files, paths: memoryPaths, clock },
        project: () => ({ slug: 'test', episodeIds: ['EP001'] }),
      });
    },
    async remove() {
      await endSession(session, clock);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

interface Parts {
  home: string;
  clock: FakeClock;
  disk: MemoryDisk;
  provider: FakeProvider;
  verdicts: GateStatus[];
  ids: OrchestratorDeps['ids'];
}

function startSession({ home, clock, disk, provider, verdicts, ids }: Parts): Session {
  const life = new Life(Number.POSITIVE_INFINITY);
  const store = openStore({ ...storeOptions(join(home, 'circletake.db')), clock });
  const slot = { subjectClass: 'loc', subjectId: 'hill', kind: 'plate', view: 'wide' } as const;
  const refs = [{ role: 'loc:hill:plate/wide', slot, path: refPath, sha256: hashText('a hill') }];
  const gates: TakeGate[] = [{ name: 'gate_1', measure: async () => gateResult('gate_1', verdicts.shift() ?? 'pass') }];
  const deps = life.inhabit({
    ...{ store, clock, ids, gates, media: disk.media, files: disk.files, paths: memoryPaths, workflows },
    ...{ providers: new Map([[provider.name, provider]]), documents: () => ({ project }) },
    ...{ resolveRefs: () => ({ refs: structuredClone(refs), missing: [] }), priceVersion: 'test' },
    logger: silentLogger,
  });
  const orchestrator = createOrchestrator(deps);
  const copyAndHash: ReviewDeps['media']['copyAndHash'] = async (source, destination) => {
    await disk.files.linkOrCopy(source, destination);
    return disk.hashOf(destination);
  };
  const media = { ...disk.media, copyAndHash } as ReviewDeps['media'];
  const review: ReviewDeps = {
    ...{ store: deps.store, clock, ids, paths: memoryPaths, files: deps.files, media, gates },
    ...{ project: () => project, person: 'director', wake: () => orchestrator.wake() },
  };
  return { life, store, orchestrator, review };
}

/** False when the process has died. */
async function restOf({ life }: Session, clock: FakeClock, work: () => Promise<void>): Promise<boolean> {
  try {
    if (!life.dead) await clock.runUntil(Promise.race([work(), life.died]));
  } catch (error) {
    if (!life.dead) throw error;
  }
  await settleMicrotasks();
  return !life.dead;
}

async function endSession(session: Session, clock: FakeClock): Promise<void> {
  if (!session.life.dead) await clock.runUntil(session.orchestrator.close());
  session.life.dead = true;
  session.store.close();
}

async function takeIn({ store, life }: Session, disk: MemoryDisk, clock: FakeClock, path: string): Promise<string> {
  const file = { path, sizeBytes: disk.hashOf(`/p/${path}`).sizeBytes, stillSame: async () => true };
  const deps = { store, paths: memoryPaths, media: disk.media, clock, project: () => 'test' };
  const answer = await recordExternal({ ...file, signal: new AbortController().signal }, deps);
  if (life.dead) throw new Error('a file was taken in by a dead process');
  return answer.kind === 'recorded' || answer.kind === 'known' ? `${answer.kind} ${answer.take.id}` : answer.kind;
}

function storeOptions(path: string) {
  return { path, projectId: 'test', logger: silentLogger, projectCapMicroUsd: 50_000_000 };
}

function countingIds(): OrchestratorDeps['ids'] {
  let count = 0;
  return {
    newId: (prefix) => `${prefix}_${String(++count).padStart(16, '0')}`,
    shortHex: () => String(++count).padStart(8, '0'),
    randomSeed: () => 1000 + ++count,
  };
}
