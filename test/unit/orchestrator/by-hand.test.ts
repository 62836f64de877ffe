import { describe, expect, it } from 'vitest';
import type { PollAnswer, ProviderJob } from '../../../src-main/orchestrator/ports/provider.ts';
import { settleMicrotasks } from '../../fakes/fake-clock.ts';
import { FakeProvider } from '../../fakes/fake-provider.ts';
import { makeWorld, type ProductionWorld, scriptedGate } from '../../fakes/production-world.ts';

const shotId = 'EP001_SH001';
const upload = '/uploads/upload_1';

/** An engine that is a person: it waits for a file and then has it. */
class Person extends FakeProvider {
  readonly delivered = new Map<string, string>();
  readonly calledOff: string[] = [];

  override async poll(job: ProviderJob): Promise<PollAnswer> {
    const answer = await super.poll(job);
    if (answer.kind !== 'done' || this.delivered.has(job.id)) return answer;
    return { kind: 'with-person', message: 'Make a previs of a hill and deliver it.' };
  }

  async deliver(job: ProviderJob, filePath: string): Promise<void> {
    this.delivered.set(job.id, filePath);
  }

  override readonly cancel = async ({ id }: ProviderJob) => {
    this.calledOff.push(id);
    return { kind: 'asked' as const };
  };
}

interface HandWorld {
  world: ProductionWorld;
  person: Person;
}

async function askPerson(options: Parameters<typeof makeWorld>[0] = {}): Promise<HandWorld> {
  const world = makeWorld(options);
  const person = new Person(world.disk);
  (world.deps.providers as Map<string, FakeProvider>).set(person.name, person);
  await world.restart();
  world.startBatch();
  await world.rest();
  world.disk.contents.set(upload, 'still by hand');
  return { world, person };
}

const row = (world: ProductionWorld) => world.store.shotPhase(shotId, 'previs');
const attempt = (world: ProductionWorld) => world.store.attemptsOf(shotId)[0];
const deliver = (world: ProductionWorld, fileName = 'hill.png') =>
  world.orchestrator.deliver({ attemptId: attempt(world)?.id ?? '', file: upload, fileName, person: 'dana' });

describe('a take that a person makes', () => {
  it('is asked for, waits without a run, and costs no further poll', async () => {
    const { world, person } = await askPerson();
    expect(row(world)).toMatchObject({ state: 'awaiting_operator', reason: 'Make a previs of a hill and deliver it.' });
    expect(attempt(world)).toMatchObject({ state: 'submitted', providerJobId: 'job-1' });
    expect(world.store.takesOf(shotId)).toEqual([]);
    await world.clock.advance(24 * 3_600_000);
    expect(person.polls).toHaveLength(1);
    expect(world.store.batches()).toMatchObject([{ status: 'running', awaitingOperator: true }]);
  });

  it('does not keep other shots from an engine or a batch that takes one at a time', async () => {
    const world = makeWorld({ shots: 3 });
    const person = new Person(world.disk, { capabilities: { concurrency: 1 } });
    (world.deps.providers as Map<string, FakeProvider>).set(person.name, person);
    await world.restart();
    world.startBatch({ maxConcurrent: 1 });
    await world.rest();
    expect(person.jobs.size).toBe(3);
  });

  it('is fetched, hashed and gated when it is delivered, with the recipe that was asked for', async () => {
    const gate = scriptedGate('gate_1', ['pass']);
    const { world, person } = await askPerson({ gates: [gate] });
    await deliver(world);
    await world.rest();
    expect(person.polls, 'once when it was sent, and by one run when it was delivered').toHaveLength(2);
    const [take] = world.store.takesOf(shotId);
    expect(take).toMatchObject({ source: 'generated', gateStatus: 'pass', attemptId: attempt(world)?.id });
    expect(gate.measured).toEqual(['/p/output/EP001/SH001/SH001_T1_previs.png']);
    expect(row(world)).toMatchObject({ state: 'awaiting_operator', reason: 'The gates have nothing against it.' });
    expect(world.store.provenance(take?.id ?? '')).toMatchObject({
      generation: {
        prompt: 'A hill, number 1.',
        refs_used: [{ role: 'loc:hill:plate/wide' }],
        provider_job_id: 'job-1',
      },
    });
    const steps = world.store.stepsOf(attempt(world)?.id ?? '');
    expect(steps.find(({ kind }) => kind === 'delivered')).toMatchObject({ by: 'dana', note: 'hill.png' });
  });

  it('is handed on under an ending that tells what the file is, and no copy is left', async () => {
    const { world, person } = await askPerson();
    await deliver(world, 'hill of the second day');
    expect([...person.delivered.values()]).toEqual([expect.stringMatching(/\.delivered\.png$/)]);
    expect([...world.disk.contents.keys()].filter((path) => path.includes('delivered'))).toEqual([]);
    expect(world.disk.contents.has(upload)).toBe(true);
  });

  it('is refused when it cannot be shown or is not what was asked for, and the wait goes on', async () => {
    const { world, person } = await askPerson();
    world.disk.contents.set(upload, 'bad bytes');
    await expect(deliver(world)).rejects.toMatchObject({ code: 'media.unreadable' });
    world.disk.contents.set(upload, 'clip of a hill');
    await expect(deliver(world, 'hill.mp4')).rejects.toMatchObject({
      ...{ code: 'input.invalid', message: 'hill.mp4 is a clip; this previs is to be a still.' },
    });
    expect(person.delivered.size).toBe(0);
    expect(row(world).state).toBe('awaiting_operator');
  });

  it('is taken once: a second delivery finds that nobody waits', async () => {
    const { world } = await askPerson();
    await deliver(world);
    await world.rest();
    await expect(deliver(world)).rejects.toMatchObject({ code: 'state.stale' });
    expect(world.store.takesOf(shotId)).toHaveLength(1);
  });
});

describe('two files delivered at once', () => {
  it('come to one take, of the file that was taken, and the other is told so', async () => {
    const { world, person } = await askPerson();
    const arrived = world.disk.files.linkOrCopy;
    const files = { hill: 'still of a hill', valley: 'still of a valley' };
    person.deliver = async (job, path) => {
      person.delivered.set(job.id, world.disk.contents.get(path) ?? '');
      await settleMicrotasks();
    };
    person.fetchResult = async (job, path) => {
      await world.disk.files.write(path, person.delivered.get(job.id) ?? '');
      return { extension: '.png', costMicroUsd: 0 };
    };
    world.disk.files.linkOrCopy = async (source, destination) => {
      await arrived(source, destination);
      await settleMicrotasks();
    };
    const both = Object.entries(files).map(([name, content]) => {
      world.disk.contents.set(`/uploads/${name}`, content);
      const order = { attemptId: attempt(world)?.id ?? '', file: `/uploads/${name}`, fileName: `${name}.png` };
      return world.orchestrator.deliver({ ...order, person: 'dana' });
    });
    const [first, second] = await Promise.allSettled(both);
    await world.rest();
    const [take] = world.store.takesOf(shotId);
    expect(world.disk.contents.get(`/p/${take?.path}`)).toBe(files.hill);
    expect(first?.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'state.stale', retry: true } });
  });
});

describe('a delivery and a restart', () => {
  it('goes on waiting after a restart, without another request', async () => {
    const { world, person } = await askPerson();
    await world.orchestrator.close();
    await world.restart();
    await world.rest();
    expect(row(world)).toMatchObject({ state: 'awaiting_operator', reason: 'Make a previs of a hill and deliver it.' });
    expect([...person.posts.values()]).toEqual([1]);
    await deliver(world);
    await world.rest();
    expect(world.store.takesOf(shotId)).toMatchObject([{ id: 'EP001_SH001_T1' }]);
  });

  it('becomes a take at the next start when the app ended right after the file was kept', async () => {
    const { world, person } = await askPerson({ gates: [scriptedGate('gate_1', ['pass'])] });
    await world.orchestrator.close();
    person.delivered.set('job-1', 'kept');
    await world.restart();
    await world.rest();
    expect(world.store.takesOf(shotId)).toMatchObject([{ gateStatus: 'pass' }]);
    expect(row(world)).toMatchObject({ state: 'awaiting_operator', reason: 'The gates have nothing against it.' });
  });
});

describe('a decision instead of a delivery', () => {
  const reroute = (world: ProductionWorld) => {
    const { version, series } = row(world);
    const move = { shotId, phase: 'previs' as const, to: 'queued' as const, cause: 'rerouted' as const };
    world.store.transition({ ...move, expectedVersion: version, patch: { series: series + 1 } });
    return { series };
  };

  it('calls the person off and asks anew', async () => {
    const { world, person } = await askPerson();
    reroute(world);
    await world.rest();
    expect(person.calledOff).toEqual(['job-1']);
    expect(world.store.attemptsOf(shotId)).toMatchObject([
      { state: 'failed', failure: { detail: 'cancelled' }, actualMicroUsd: 0 },
      { state: 'submitted', number: 2 },
    ]);
  });

  it('that is taken back before anything was sent lets the delivery count again', async () => {
    const { world } = await askPerson();
    const [batch] = world.store.batches();
    world.orchestrator.batches.pause(batch?.id ?? '');
    reroute(world);
    await expect(deliver(world)).rejects.toMatchObject({ code: 'state.stale' });
    const undone = { shotId, phase: 'previs' as const, to: 'awaiting_operator' as const, cause: 'undone' as const };
    world.store.transition({ ...undone, expectedVersion: row(world).version });
    await deliver(world);
    await world.rest();
    expect(world.store.takesOf(shotId)).toHaveLength(1);
    expect(row(world).state).toBe('awaiting_operator');
  });

  it('ends the wait at the next start when the phase was approved by another take', async () => {
    const { world } = await askPerson();
    const { version } = row(world);
    const move = { shotId, phase: 'previs' as const, to: 'stabilized' as const, cause: 'overridden' as const };
    world.store.transition({ ...move, expectedVersion: version, patch: { outcome: 'approved', series: 1 } });
    await world.orchestrator.close();
    await world.restart();
    await world.rest();
    expect(attempt(world)).toMatchObject({ state: 'failed', failure: { detail: 'cancelled' } });
    expect(row(world).state).toBe('stabilized');
  });
});
