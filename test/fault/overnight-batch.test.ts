/**
 * The night: forty shots in three phases, made by three providers that misbehave in every way their protocols allow, killed
 * at random moments, with a director who circles, asks for more and looks into the provider's bill where nobody knows. The
 * simulator outlives every kill; its bill is the oracle. CIRCLETAKE_FAULT_KILLS, CIRCLETAKE_FAULT_SEED choose another night.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { keyframePrompt, type PlanShot, planFileSchema } from '../../src-shared/domain/plan.ts';
import { type MadeProject, makePlan, makeProject } from '../fixtures/make-project.ts';
import { openStudio } from '../fixtures/spawn-studio.ts';
import { type RunningSimulator, startSimulator } from '../simulators/start-simulator.ts';
import { inspectRecords } from './inspect-production.ts';
import { inspectNight } from './overnight/inspect-night.ts';
import { leftForTheMorning, markOf, nightEngines, nightFaults, nightShots } from './overnight/night-plan.ts';
import { type Chance, faultSeed, seededChance } from './seeded-chance.ts';

const wantedKills = Number(process.env.CIRCLETAKE_FAULT_KILLS ?? 25);
const seed = faultSeed();
const folder = mkdtempSync(join(tmpdir(), 'circletake-night-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

it(`forty shots over a night with ${wantedKills} kills (CIRCLETAKE_FAULT_SEED=${seed})`, {
  timeout: 1_500_000,
}, async () => {
  const simulator = await startSimulator({ folder: join(folder, 'simulator'), faultPlan: nightFaults() });
  const project = makeNight();
  try {
    const kills = await workThroughTheNight(project, simulator, seededChance(seed));
    const bill = await simulator.bill();
    const night = inspectNight(project.dir, bill);
    const hits = await simulator.faultHits();
    const missed = Object.entries(hits).filter(([, count]) => count === 0);
    console.log(
      `${kills} kills, ${night.attempts} attempts, ${bill.length} billed, ledger ${night.settledMicroUsd}, bill ${night.billedMicroUsd}, ` +
        `failures ${JSON.stringify({ ...night.categories, ...night.rejections })}, faults that did not hit: ${missed.map(([id]) => id).join(', ') || 'none'}`,
    );
    expect(night.faults).toEqual([]);
    expect(night.settledMicroUsd).toBe(night.billedMicroUsd);
    expect(night.mostBilled).toBe(1);
    expect(inspectRecords(project.dir)).toEqual([]);
    expect(missed).toEqual([]);
    await expectEveryShotExplained(project);
  } finally {
    await simulator.stop();
    if (process.env.CIRCLETAKE_FAULT_KEEP) console.log(`kept: ${project.dir}`);
    else project.remove();
  }
});

function makeNight(): MadeProject {
  const project = makeProject({
    shots: nightShots.size,
    project: {
      ...{
        rehearsal: true,
        default_provider: 'fal',
        provider_strategy: nightEngines,
        resolution: { width: 720, height: 1280 },
      },
      caps: { batch_micro_usd: 60_000_000, project_micro_usd: 100_000_000, retry_micro_usd_per_shot: 20_000_000 },
    },
  });
  const marked = (shot: PlanShot): PlanShot => {
    const mark = markOf(shot.shot_id);
    const { prompt_skeleton } = shot.prompt_data;
    return {
      ...shot,
      routing_data: { pipeline: 'i2v', duration: 3 },
      prompt_data: {
        ...shot.prompt_data,
        prompt_skeleton: {
          ...prompt_skeleton,
          compiled_prompt: `${keyframePrompt(shot)} ${mark}`,
          action_line: `${prompt_skeleton.action_line} ${mark}`,
        },
      },
    };
  };
  project.writePlan(planFileSchema.parse(makePlan(nightShots.size, marked)));
  return project;
}

/** Starts the app again and again; each life but the last is cut off after a random time. Answers the number of kills. */
async function workThroughTheNight(project: MadeProject, simulator: RunningSimulator, chance: Chance): Promise<number> {
  for (let kills = 0; ; kills++) {
    const life = startLife(project, simulator);
    if (kills >= wantedKills) {
      expect(await life.ended, life.said()).toBe(0);
      return kills;
    }
    const timer = setTimeout(() => life.child.kill('SIGKILL'), 900 + chance.below(3200));
    const code = await life.ended;
    clearTimeout(timer);
    if (code === 0) return kills;
    expect(code, life.said()).toBe('SIGKILL');
  }
}

function startLife(project: MadeProject, simulator: RunningSimulator) {
  const entry = join(import.meta.dirname, 'overnight', 'run-night.ts');
  const child: ChildProcess = spawn(process.execPath, [entry, project.dir, join(folder, 'data'), simulator.url], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', CIRCLETAKE_SIMULATOR: simulator.url },
  });
  let said = '';
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-8000);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  );
  return { child, ended, said: () => said };
}

async function expectEveryShotExplained(project: MadeProject): Promise<void> {
  const studio = await openStudio(project.dir);
  try {
    const { shots } = await studio.services.snapshot('EP001');
    const told = await studio.services.attempts.explanations(
      shots.map(({ id }) => id),
      undefined,
    );
    for (const shot of shots) {
      expect(told[shot.id], shot.id).toMatch(/^[A-Z].*[.!]$/);
      if (shot.id === leftForTheMorning) expect(shot.phases.previs.state).toBe('awaiting_operator');
      else expect(shot.phases.video.state, `${shot.id}: ${told[shot.id]}`).toBe('stabilized');
    }
  } finally {
    await studio.close();
  }
}
