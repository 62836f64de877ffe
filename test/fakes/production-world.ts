import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import registry from '../../resources/workflow_registry.v1.json' with { type: 'json' };
import { createOrchestrator, type Orchestrator } from '../../src-main/orchestrator/orchestrator.ts';
import type { OrchestratorDeps } from '../../src-main/orchestrator/orchestrator-deps.ts';
import type { TakeGate } from '../../src-main/orchestrator/ports/gate.ts';
import type { IdSource } from '../../src-main/orchestrator/ports/ids.ts';
import type { ResolvedRefs } from '../../src-main/orchestrator/ports/refs.ts';
import type { ProductionStore } from '../../src-main/orchestrator/ports/store.ts';
import { createLogger, type Logger, silentLogger } from '../../src-main/platform/logger.ts';
import { openStore } from '../../src-main/store/open-store.ts';
import { readWorkflowRegistry } from '../../src-main/supervisor/workflow-registry.ts';
import { type BatchConfig, type BatchConfigInput, batchConfigSchema } from '../../src-shared/domain/batch.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import { type PlanFile, planFileSchema } from '../../src-shared/domain/plan.ts';
import { type ProjectFile, projectFileSchema } from '../../src-shared/domain/project.ts';
import type { GateName, GateResult, GateStatus } from '../../src-shared/domain/verdict.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeProvider } from './fake-provider.ts';
import { hashText, MemoryDisk, memoryPaths } from './memory-files.ts';
import { MemoryStore } from './memory-store.ts';

export interface WorldOptions {
  shots?: number;
  project?: Partial<ProjectFile>;
  gates?: readonly TakeGate[];
  provider?: ConstructorParameters<typeof FakeProvider>[1];
  /** memory where a test makes hundreds of worlds; the real SQLite store otherwise */
  store?: 'sqlite' | 'memory';
}

/** Everything around an orchestrator, in memory: store, disk, clock, engine, refs. */
export interface ProductionWorld {
  store: ProductionStore;
  clock: FakeClock;
  disk: MemoryDisk;
  provider: FakeProvider;
  project: ProjectFile;
  refs: ResolvedRefs;
  log: { level: string; message: string }[];
  deps: OrchestratorDeps;
  orchestrator: Orchestrator;
  shotIds: string[];
  /** Throws the orchestrator away as a crash does, and builds another over the same store, disk and engine. */
  restart(deps?: Partial<OrchestratorDeps>): Promise<void>;
  startBatch(config?: Partial<BatchConfigInput>): string;
  /** Lets everything happen that happens without a person. */
  rest(): Promise<void>;
  state(shotNumber: number, phase?: Phase): string;
}

export const refPath = 'assets/loc/hill/base/pool/plate/wide.png';

/** A world with `shots` shots of EP001, one location ref, and no batch yet. */
export function makeWorld(options: WorldOptions = {}): ProductionWorld {
  const clock = new FakeClock();
  const disk = new MemoryDisk();
  const store = options.store === 'memory' ? new MemoryStore(() => clock.now()) : openTemporaryStore(clock);
  const plan = makePlan(options.shots ?? 1);
  store.applyPlan(plan);
  disk.contents.set(`/p/${refPath}`, 'a hill');
  const provider = new FakeProvider(disk, options.provider);
  const project = projectFileSchema.parse({
    ...{ schema_version: 'circletake.project.v1', slug: 'test', title: 'Test' },
    episodes: [{ id: 'EP001', title: 'One', plan: 'plans/ep_001_plan.json' }],
    ...options.project,
  });
  const slot = { subjectClass: 'loc', subjectId: 'hill', kind: 'plate', view: 'wide' } as const;
  const refs: ResolvedRefs = {
    refs: [{ role: 'loc:hill:plate/wide', slot, path: refPath, sha256: hashText('a hill') }],
    missing: [],
  };
  const log: ProductionWorld['log'] = [];
  const deps: OrchestratorDeps = {
    ...{ store, clock, gates: options.gates ?? [], media: disk.media, files: disk.files, paths: memoryPaths },
    ids: countingIds(),
    providers: new Map([[provider.name, provider]]),
    documents: () => ({ project: world.project }),
    resolveRefs: () => structuredClone(world.refs),
    workflows: readWorkflowRegistry(registry),
    priceVersion: '2026 test',
    logger: recordingLogger(log),
  };
  const world: ProductionWorld = {
    ...{ store, clock, disk, provider, project, refs, log, deps, orchestrator: createOrchestrator(deps) },
    shotIds: plan.shots.map((shot) => shot.shot_id),
    async restart(changed) {
      disk.emptyTemporary();
      world.orchestrator = createOrchestrator({ ...deps, ...changed });
      await world.orchestrator.recover();
    },
    startBatch: (config) => world.orchestrator.batches.start(makeConfig(config)).id,
    rest: () => clock.runUntil(world.orchestrator.idle()),
    state: (number, phase = 'previs') => store.shotPhase(shotIdOf(number), phase).state,
  };
  return world;
}

export function shotIdOf(number: number): string {
  return `EP001_SH${String(number).padStart(3, '0')}`;
}

export function makeConfig(config: Partial<BatchConfigInput> = {}): BatchConfig {
  return batchConfigSchema.parse({ episodeId: 'EP001', phases: ['previs'], ...config });
}

/** Fixed verdicts, one per measurement; the last one is repeated. */
export function scriptedGate(name: GateName, statuses: GateStatus[]): TakeGate & { measured: string[] } {
  const measured: string[] = [];
  return {
    name,
    measured,
    async measure(input): Promise<GateResult> {
      const status = statuses[Math.min(measured.length, statuses.length - 1)] ?? 'pass';
      measured.push(input.path);
      return gateResult(name, status);
    },
  };
}

export function gateResult(gate: GateName, status: GateStatus): GateResult {
  return {
    ...{ gate, status, reason: `${gate} says ${status}.`, measurements: [], findings: [] },
    ...{ costMicroUsd: 0, durationMs: 1, policyVersion: 'test' },
  };
}

export function makePlan(shots: number): PlanFile {
  return planFileSchema.parse({
    ...{ schema_version: 'circletake.plan.v1', episode_id: 'EP001', title: 'One' },
    scenes: [{ scene_id: 'SC01', heading: 'EXT. HILL' }],
    shots: Array.from({ length: shots }, (_, index) => ({
      ...{ shot_id: shotIdOf(index + 1), scene_id: 'SC01' },
      prompt_data: {
        shot_type: 'wide',
        description: 'A hill.',
        prompt_skeleton: { compiled_prompt: `A hill, number ${index + 1}.`, camera_line: 'Slow push in.' },
      },
      routing_data: { pipeline: 'i2v', duration: 4 },
      asset_data: { location_id: 'hill', location_slot: 'plate/wide' },
    })),
  });
}

/** The real store in a folder of its own, which is removed with the test. */
function openTemporaryStore(clock: FakeClock): ProductionStore {
  const folder = mkdtempSync(join(tmpdir(), 'circletake-line-'));
  const path = join(folder, 'circletake.db');
  const store = openStore({ path, projectId: 'test', clock, logger: silentLogger, projectCapMicroUsd: 50_000_000 });
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}

function countingIds(): IdSource {
  let count = 0;
  return {
    newId: (prefix) => `${prefix}_${String(++count).padStart(16, '0')}`,
    shortHex: () => String(++count).padStart(8, '0'),
    randomSeed: () => 1000 + ++count,
  };
}

function recordingLogger(entries: { level: string; message: string }[]): Logger {
  return createLogger({ level: 'info', write: (line) => entries.push(JSON.parse(line)) });
}
