/** The kill points of one attempt as a table: what was on disk, what the engine had, what the next start does, how it ends. */
import { recoveryStepOf } from '../../src-shared/domain/attempt.ts';
import { Life } from '../fakes/mortal.ts';
import { makeWorld, type ProductionWorld, shotIdOf } from '../fakes/production-world.ts';
import { liveOnce } from './live-once.ts';

interface Row {
  effects: string[];
  onDisk: string;
  engine: string;
  restart: string;
  asked: string;
  unasked: string;
}

const shotId = shotIdOf(1);
const price = 120_000;
const steps: Record<ReturnType<typeof recoveryStepOf>, string> = {
  submit: 'may send it, for the first time',
  'hold-in-doubt': 'holds the money, asks, never sends it again',
  poll: 'polls the same job',
  'verify-and-settle': 'checks the file, settles',
  none: 'nothing is left to do',
};

/** One row for each boundary of the protocol, from a kill before every effect of one attempt. */
export async function killPointTable(): Promise<string> {
  const whole = new Life(Number.POSITIVE_INFINITY);
  await liveOnce(makeShot('byId'), whole);
  const rows: Row[] = [];
  for (let point = 1; point <= whole.effects; point++) {
    const row = await rowOf(point);
    const last = rows.at(-1);
    const isSame = last?.onDisk === row.onDisk && last.engine === row.engine && last.restart === row.restart;
    if (last && isSame && last.asked === row.asked && last.unasked === row.unasked) last.effects.push(...row.effects);
    else rows.push(row);
  }
  const head = [
    'killed before',
    'on disk',
    'engine',
    'the next start',
    'ends, engine can be asked',
    'ends, nobody to ask',
  ];
  const lines = rows.map(({ effects, onDisk, engine, restart, asked, unasked }) =>
    lineOf([shorten(effects), onDisk, engine, restart, asked, unasked]),
  );
  return [lineOf(head), lineOf(head.map(() => '---')), ...lines].join('\n');
}

async function rowOf(point: number): Promise<Row> {
  const world = makeShot('byId');
  const life = new Life(point);
  await liveOnce(world, life);
  const attempt = world.store.attemptsOf(shotId)[0];
  const before = {
    effects: [life.diedBefore ?? ''],
    onDisk: attempt ? `\`${attempt.state}\`` : 'no attempt',
    engine: world.provider.jobs.size > 0 ? 'has it' : 'has nothing',
    restart: attempt ? steps[recoveryStepOf(attempt.state)] : 'plans it',
  };
  const unaskable = makeShot('none');
  await liveOnce(unaskable, new Life(point));
  return { ...before, asked: await endOf(world), unasked: await endOf(unaskable) };
}

/** The next process, to its rest: how often the engine was paid, and what there is for it. */
async function endOf(world: ProductionWorld): Promise<string> {
  await liveOnce(world, new Life(Number.POSITIVE_INFINITY));
  const { store, provider } = world;
  const paid = [...provider.acceptedPerAttempt().values()];
  if (paid.some((times) => times > 1)) return 'PAID TWICE';
  const takes = store.takesOf(shotId).length;
  const doubts = store.openAttempts().filter(({ state }) => state === 'in_doubt').length;
  if (doubts > 0) return `in doubt, money held, for a person`;
  const spend = store.projectSpend();
  const isEven =
    takes === provider.jobs.size && spend.settledMicroUsd === takes * price && spend.reservedMicroUsd === 0;
  return isEven && takes === 1 ? 'one take, paid once' : `NOT EVEN: ${takes} takes, ${provider.jobs.size} jobs`;
}

function makeShot(reconcile: 'byId' | 'none'): ProductionWorld {
  const world = makeWorld({ shots: 1, store: 'memory', provider: { capabilities: { reconcile } } });
  world.provider.price = price;
  return world;
}

function shorten(effects: readonly string[]): string {
  const names = effects.map((name) => `\`${name}\``);
  const [first = '', last = ''] = [names[0], names.at(-1)];
  return names.length < 3 ? names.join(', ') : `${first} … ${last} (${names.length} points)`;
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
