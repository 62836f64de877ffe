/**
 * I1: whatever a person, the plan, the cap or the clock does, at every moment at which it can come between two steps of an
 * attempt, alone and in twos: nothing is sent beside what is out, nothing paid for is lost, no money stays held.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { makePlan } from '../fakes/production-world.ts';
import { faultSize, isLongRun, report, suiteTimeoutMs } from './fault-size.ts';
import {
  type Act,
  expectAllWell,
  type Moment,
  type Scenario,
  shotId,
  type Told,
  tellHistory,
} from './interleaving-world.ts';
import { faultSeed, seededChance } from './seeded-chance.ts';

const well: Scenario = { name: 'all goes well', faults: [], reconcile: 'none', gate: ['pass'], lostPolls: 0 };
const scenarios: readonly Scenario[] = [
  well,
  { ...well, name: 'a gate rejects the first take', gate: ['fail', 'pass'] },
  { ...well, name: 'the engine is busy at first', faults: ['rate-limited'] },
  { ...well, name: 'a job fails', faults: ['fails-later'] },
  { ...well, name: 'the first file is not one', faults: ['bad-file'] },
  { ...well, name: 'the engine is away for a minute', lostPolls: 8 },
  { ...well, name: 'the account is refused once', faults: ['account'] },
  { ...well, name: 'the account is refused while the job is out', faults: ['locked-out'] },
  { ...well, name: 'an answer is lost, the engine can be asked', faults: ['accepted-then-dropped'], reconcile: 'byId' },
  { ...well, name: 'a request is lost, the engine can be asked', faults: ['not-accepted-unknown'], reconcile: 'byId' },
  { ...well, name: 'an answer is lost, nobody to ask', faults: ['accepted-then-dropped'] },
  { ...well, name: 'the job waits in a queue', queue: 2 },
  { ...well, name: 'the engine drops no job', queue: 1, cancelTroubles: ['ignored'] },
  { ...well, name: 'the answer to a cancel is lost', queue: 1, cancelTroubles: ['after'] },
  { ...well, name: 'a gate rejects what had to wait', queue: 1, gate: ['fail', 'pass'] },
];

const newest = ({ world }: Told) => world.store.takesOf(shotId, 'previs').at(-1)?.id ?? '';
const acts: Readonly<Record<string, Act>> = {
  approve: (told) => told.director.approve(newest(told), 'it will do'),
  reject: (told) => told.director.reject(newest(told), 'once more'),
  reroute: ({ director }) => director.reroute(1, 'embedded-animatic-noir'),
  override: ({ director }) => director.override(1),
  undo: ({ director }) => director.undo(),
  pause: ({ world, batchId }) => world.orchestrator.batches.pause(batchId),
  resume: ({ world, batchId }) => world.orchestrator.batches.resume(batchId),
  stop: ({ world, batchId }) => world.orchestrator.batches.stop(batchId),
  'call it off': ({ world }) => {
    const attemptId = world.store.attemptsOf(shotId).at(-1)?.id ?? '';
    return world.orchestrator.callOff({ attemptId, person: 'mara' });
  },
  'start another batch': (told) => {
    told.batchId = told.world.startBatch();
  },
  'end the wait': ({ world }) => world.orchestrator.cancelRetry({ shotId, phase: 'previs', person: 'mara' }),
  'take the shot out of the plan': ({ world }) => void world.store.applyPlan({ ...makePlan(1), shots: [] }),
  'change its words': ({ world }) => void world.store.applyPlan(withWords('A valley.')),
  'lower the ceiling': ({ world }) => {
    world.project = { ...world.project, caps: { ...world.project.caps, project_micro_usd: 1 } };
  },
  'take the key away': ({ world }) => {
    world.provider.refuses = 'There is no key.';
  },
  'set the clock back': ({ world }) => world.clock.jump(-3_600_000),
  'set the clock on': ({ world }) => world.clock.jump(86_400_000),
  'close and open': async (told) => {
    const { world, life } = told;
    if (told.isClosing) return;
    told.isClosing = true;
    await world.orchestrator.close();
    told.isClosing = false;
    if (!life.dead) await world.restart();
  },
  crash: ({ life }) => life.dieIn(1),
};
const names = Object.keys(acts);

function withWords(words: string) {
  const plan = makePlan(1);
  const reworded = plan.shots.map((shot) => ({
    ...shot,
    prompt_data: {
      ...shot.prompt_data,
      prompt_skeleton: { ...shot.prompt_data.prompt_skeleton, compiled_prompt: words },
    },
  }));
  return { ...plan, shots: reworded };
}

const moment = (name: string, at: number): Moment => ({ at, act: acts[name] ?? (() => undefined) });
const tally = { alone: 0, twos: 0 };
const seed = faultSeed();
const every = isLongRun ? 1 : 8;
let turn = seed % every;
const pairs = faultSize('I1', { ci: 400, long: 40_000 });

describe.each(scenarios)('$name', (scenario) => {
  it('and anything is done at any moment (in CI at every eighth)', { timeout: suiteTimeoutMs }, async () => {
    const whole = await tellHistory(scenario, []);
    expectAllWell(whole, 'undisturbed');
    expect(whole.moments).toBeGreaterThan(8);
    for (const name of names) {
      for (let at = 1; at <= whole.moments + 1; at++) {
        if (turn++ % every !== 0) continue;
        expectAllWell(await tellHistory(scenario, [moment(name, at)]), `${name} at moment ${at}`);
        tally.alone++;
      }
    }
  });
});

describe(`two things at any two moments (CIRCLETAKE_FAULT_SEED=${seed})`, () => {
  it('come to the same', { timeout: suiteTimeoutMs }, async () => {
    const chance = seededChance(seed);
    for (; tally.twos < pairs; tally.twos++) {
      const scenario = chance.oneOf(scenarios);
      const two = [0, 1].map(() => [chance.oneOf(names), 1 + chance.below(24)] as const);
      const history = await tellHistory(
        scenario,
        two.map(([name, at]) => moment(name, at)),
      );
      const what = two.map(([name, at]) => `${name} at ${at}`).join(', ');
      expectAllWell(history, `${scenario.name}: ${what}, seed ${seed}`);
    }
  });
});

afterAll(() => {
  report(
    'I1',
    `${names.length} acts at every moment of ${scenarios.length} courses: ${tally.alone}; ${tally.twos} pairs; seed ${seed}`,
  );
});
