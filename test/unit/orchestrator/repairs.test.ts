import { describe, expect, it } from 'vitest';
import registry from '../../../resources/workflow_registry.v1.json' with { type: 'json' };
import type { TakeGate } from '../../../src-main/orchestrator/ports/gate.ts';
import type { ResolvedRef } from '../../../src-main/orchestrator/ports/refs.ts';
import { readWorkflowRegistry } from '../../../src-main/supervisor/workflow-registry.ts';
import { slotKeyText } from '../../../src-shared/domain/ref.ts';
import type { GateName } from '../../../src-shared/domain/verdict.ts';
import { FakeProvider } from '../../fakes/fake-provider.ts';
import { hashText } from '../../fakes/memory-files.ts';
import { gateResult, makePlan, makeWorld, type ProductionWorld } from '../../fakes/production-world.ts';
import { reviewDesk } from '../../fakes/review-desk.ts';

const shotId = 'EP001_SH001';
const attempts = (world: ProductionWorld) => world.store.attemptsOf(shotId);
const row = (world: ProductionWorld) => world.store.shotPhase(shotId, 'previs');

/** Rejects the first takes, each with the findings given for it, and passes the rest and those with none. */
function pickyGate(name: GateName, findings: (string[] | null)[]): TakeGate {
  let measured = 0;
  return {
    name,
    async measure() {
      const codes = findings[measured++];
      if (!codes) return gateResult(name, 'pass');
      const found = codes.map((code) => ({
        ...{ code, message: `${code} is off.`, severity: 'major' as const, startFrame: null, endFrame: null },
      }));
      return { ...gateResult(name, 'fail'), findings: found };
    },
  };
}

const table = (() => {
  const [still] = registry.workflows;
  const other = { ...still, id: 'other-still', title: 'Other engine', provider: 'other' };
  return { ...registry, workflows: [...registry.workflows, other, { ...other, id: 'third-still', title: 'Third' }] };
})();
const strategy = {
  schema_version: 'provider_strategy.v1',
  strategies: {
    embedded: { previs: { primary: 'embedded-animatic-standard', fallback: ['other-still', 'third-still'] } },
  },
};

interface TwoEngines {
  world: ProductionWorld;
  other: FakeProvider;
}

async function twoEngines(options: Parameters<typeof makeWorld>[0] = {}): Promise<TwoEngines> {
  const world = makeWorld(options);
  const other = new FakeProvider(world.disk, { name: 'other' });
  (world.deps.providers as Map<string, FakeProvider>).set('other', other);
  world.deps.workflows = readWorkflowRegistry(table, strategy);
  await world.restart();
  return { world, other };
}

const workflows = (world: ProductionWorld) => attempts(world).map(({ request }) => request.workflowId);

describe('a take that gate 1 rejects', () => {
  it('is made again with a new seed and told what to leave out, beside the director’s own words', async () => {
    const world = makeWorld({ gates: [pickyGate('gate_1', [['flicker', 'size']])] });
    world.startBatch();
    await world.rest();
    const [first, second] = attempts(world);
    expect(second?.request).toMatchObject({ prompt: first?.request.prompt, negativePrompt: 'flicker, strobing' });
    expect(second?.changeReason).toBe(
      'gate_1: gate_1 says fail. A new seed. Added to the negative prompt: flicker, strobing.',
    );
    expect(world.store.provenance('EP001_SH001_T2').lineage).toMatchObject({
      ...{ parent_take: 'EP001_SH001_T1', prompt_diff: 'negative: {+flicker, strobing+}' },
    });
  });

  it('shows while it waits what will be different', async () => {
    const world = makeWorld({ gates: [pickyGate('gate_1', [['flicker']])] });
    const policies = { gate_mechanical: { baseBackoffSeconds: 60 } };
    world.startBatch({ retryPolicies: policies });
    await world.clock.advance(1000);
    expect(row(world)).toMatchObject({ state: 'remediating', reason: expect.stringContaining('A new seed. Added to') });
  });

  it('keeps what earlier failures of the series have added', async () => {
    const world = makeWorld({ gates: [pickyGate('gate_1', [['flicker'], ['black']])] });
    world.startBatch();
    await world.rest();
    expect(attempts(world).map(({ request }) => request.negativePrompt)).toEqual([
      ...['', 'flicker, strobing', 'flicker, strobing, black frames'],
    ]);
    expect(attempts(world)[2]?.changeReason).toContain('Added to the negative prompt: black frames.');
  });

  it('says that nothing changes where the engine takes neither a seed nor a word about it', async () => {
    const world = makeWorld({ gates: [pickyGate('gate_1', [['flicker']])] });
    world.provider.seedSupported = false;
    const payload = world.provider.payload.bind(world.provider);
    world.provider.payload = (request) => ({ ...payload(request), body: { prompt: request.prompt } });
    world.startBatch();
    await world.rest();
    const [first, second] = attempts(world);
    expect(second?.request).toEqual(first?.request);
    expect(second?.changeReason).toBe(
      'gate_1: gate_1 says fail. The same request: this engine takes no seed and varies by itself; it cannot be told what to leave out.',
    );
  });
});

describe('a take with the wrong face or clothes', () => {
  const ref = (subjectId: string, kind: string, view: string, world: ProductionWorld): ResolvedRef => {
    const slot = { subjectClass: 'char' as const, subjectId, kind, view };
    const path = `assets/char/${subjectId}/base/pool/${kind}/${view}.png`;
    world.disk.contents.set(`/p/${path}`, path);
    return { role: slotKeyText(slot), slot, path, sha256: hashText(path) };
  };

  function withCast(gate: GateName, before: TakeGate[] = []): ProductionWorld {
    const world = makeWorld({ gates: [...before, pickyGate(gate, [['of:pip']])] });
    const plan = makePlan(1);
    const [shot] = plan.shots;
    if (!shot) throw new Error('no shot');
    const member = (character_id: string) => ({
      ...{ character_id, hero_slot: 'identity/front', expression_slots: [], wardrobe_phase: 'ph1' },
    });
    shot.asset_data.characters = [member('ines'), member('pip')];
    world.store.applyPlan(plan);
    const refs = [...world.refs.refs, ...['ines', 'pip'].map((id) => ref(id, 'identity', 'front', world))];
    world.refs = { refs, missing: [] };
    return world;
  }

  it('is made again with that character’s hero and further faces in front', async () => {
    const world = withCast('gate_2a_identity');
    const sly = ref('pip', 'expression', 'sly', world);
    const resolve = world.deps.resolveRefs;
    await world.restart({ resolveRefs: (shot, surface) => ({ ...resolve(shot, surface), faces: () => [sly] }) });
    world.startBatch();
    await world.rest();
    const roles = attempts(world).map(({ request }) => request.refs.map(({ role }) => role));
    expect(roles[0]).toEqual(['loc:hill:plate/wide', 'char:ines:identity/front', 'char:pip:identity/front']);
    expect(roles[1]).toEqual([
      ...['char:pip:identity/front', 'char:pip:expression/sly', 'char:ines:identity/front', 'loc:hill:plate/wide'],
    ]);
    expect(attempts(world)[1]?.changeReason).toContain('The references of pip lead.');
    expect(world.store.provenance('EP001_SH001_T2').generation.refs_used[0]?.role).toBe('char:pip:identity/front');
  });

  it('keeps that character in front when a later take has another fault', async () => {
    const world = withCast('gate_2a_identity', [pickyGate('gate_1', [null, ['flicker']])]);
    world.startBatch();
    await world.rest();
    const leads = attempts(world).map(({ request }) => request.refs[0]?.role);
    expect(leads).toEqual(['loc:hill:plate/wide', 'char:pip:identity/front', 'char:pip:identity/front']);
    expect(attempts(world)[2]?.changeReason).toContain('flicker, strobing');
  });

  it('is made again with what the character wears in this phase, or says that nothing is promoted there', async () => {
    const bare = withCast('gate_2a_wardrobe');
    bare.startBatch();
    await bare.rest();
    expect(attempts(bare)[1]?.changeReason).toContain('Char:pip:wardrobe/ph1 is not promoted.');

    const world = withCast('gate_2a_wardrobe');
    const coat = ref('pip', 'wardrobe', 'ph1', world);
    const resolve = world.deps.resolveRefs;
    await world.restart({ resolveRefs: (shot, surface) => ({ ...resolve(shot, surface), wardrobe: () => [coat] }) });
    world.startBatch();
    await world.rest();
    expect(
      attempts(world)[1]
        ?.request.refs.map(({ role }) => role)
        .slice(0, 2),
    ).toEqual([...['char:pip:identity/front', 'char:pip:wardrobe/ph1']]);
  });
});

describe('a fallback', () => {
  it('is run after the second failure of a kind, once each, and the record tells what it replaced', async () => {
    const { world, other } = await twoEngines();
    world.provider.faults = ['fails-later', 'fails-later'];
    world.startBatch();
    await world.rest();
    expect(workflows(world)).toEqual(['embedded-animatic-standard', 'embedded-animatic-standard', 'other-still']);
    expect(other.jobs.size).toBe(1);
    const [take] = world.store.takesOf(shotId);
    expect(take).toMatchObject({ provider: 'other' });
    expect(world.store.provenance(take?.id ?? '').generation).toMatchObject({
      ...{ workflow: 'other-still', provider: 'other', fallback_from: 'embedded-animatic-standard' },
    });
    expect(attempts(world)[2]?.changeReason).toContain('Fallback from Storyboard, ink and wash to Other engine.');
  });

  it('stays in force for the series, and the next in the list follows when it fails too', async () => {
    const { world, other } = await twoEngines();
    world.provider.faults = ['fails-later', 'fails-later'];
    other.faults = ['fails-later'];
    world.startBatch();
    await world.rest();
    expect(workflows(world)).toEqual([
      ...['embedded-animatic-standard', 'embedded-animatic-standard', 'other-still', 'third-still'],
    ]);
  });

  it('is decided the same after a restart', async () => {
    const { world } = await twoEngines();
    world.provider.faults = ['fails-later', 'fails-later'];
    const batchId = world.startBatch();
    await world.clock.advance(6000);
    expect(row(world)).toMatchObject({ state: 'remediating', reason: expect.stringContaining('Fallback from') });
    await world.orchestrator.close();
    await world.restart();
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(workflows(world)[2]).toBe('other-still');
  });

  it('is not run because an account is empty: the batch is put on hold, and its own engine goes on', async () => {
    const { world } = await twoEngines();
    world.provider.readSubmitError = () => ({
      ...{ kind: 'rejected', billedMicroUsd: 0 },
      failure: { category: 'budget', detail: 'account', message: 'No credit.', retryAfterMs: null },
    });
    world.provider.faults = ['rejected'];
    const batchId = world.startBatch();
    await world.rest();
    expect(world.store.batch(batchId)?.status).toBe('paused');
    world.orchestrator.batches.resume(batchId);
    await world.rest();
    expect(workflows(world)).toEqual(Array(2).fill('embedded-animatic-standard'));
  });

  it('is not run where its price does not fit, and the phase goes on as before', async () => {
    const { world, other } = await twoEngines();
    world.provider.price = 100_000;
    other.price = 900_000;
    world.provider.faults = ['fails-later', 'fails-later'];
    world.startBatch({ budgetMicroUsd: 500_000 });
    await world.rest();
    expect(other.posts.size).toBe(0);
    expect(workflows(world)).toEqual(Array(3).fill('embedded-animatic-standard'));
  });

  it('keeps to the room and the price of the engine that it goes to', async () => {
    const { world, other } = await twoEngines({ shots: 3 });
    world.provider.faults = Array(6).fill('fails-later');
    Object.assign(other.capabilities, { concurrency: 1 });
    other.price = 200_000;
    other.pollsBeforeDone = 2;
    const batchId = world.startBatch({ maxConcurrent: 3, budgetMicroUsd: 400_000 });
    await world.rest();
    expect(other.mostRunning).toBe(1);
    expect(other.jobs.size).toBe(2);
    expect(world.store.batchSpend(batchId)).toMatchObject({ settledMicroUsd: 400_000, reservedMicroUsd: 0 });
    expect(world.store.takesOfEpisode('EP001')).toHaveLength(3);
  });

  it('stays in force when its take is rejected: the engine that failed is not gone back to', async () => {
    const { world } = await twoEngines({ gates: [pickyGate('gate_1', [['flicker']])] });
    world.provider.faults = ['fails-later', 'fails-later'];
    world.startBatch();
    await world.rest();
    expect(workflows(world).slice(2)).toEqual(['other-still', 'other-still']);
    expect(row(world).state).toBe('awaiting_operator');
  });

  it('gives way to the engine that a person chooses while it is at work', async () => {
    const { world, other } = await twoEngines();
    world.provider.faults = ['fails-later', 'fails-later'];
    other.faults = ['fails-later'];
    other.pollsBeforeDone = 60;
    world.startBatch();
    await world.clock.advance(30_000);
    expect(row(world).state).toBe('assembling');
    reviewDesk(world).reroute(1, 'embedded-animatic-noir');
    await world.rest();
    expect(workflows(world).slice(2)).toEqual(['other-still', 'embedded-animatic-noir']);
    const [take] = world.store.takesOf(shotId);
    expect(world.store.provenance(take?.id ?? '').generation).not.toHaveProperty('fallback_from');
  });

  it('is not run at a price that nobody knows', async () => {
    const { world, other } = await twoEngines();
    other.price = null;
    world.provider.faults = ['fails-later', 'fails-later'];
    world.startBatch();
    await world.rest();
    expect(workflows(world)).toEqual(Array(3).fill('embedded-animatic-standard'));
  });

  it('never replaces what project.json names', async () => {
    const { world, other } = await twoEngines({ project: { provider_strategy: { previs: 'embedded-animatic-wash' } } });
    world.provider.faults = ['fails-later', 'fails-later'];
    world.startBatch();
    await world.rest();
    expect(workflows(world)).toEqual(Array(3).fill('embedded-animatic-wash'));
    expect(other.posts.size).toBe(0);
  });

  it('never replaces an engine that a person chose', async () => {
    const { world, other } = await twoEngines();
    world.store.annotate(shotId, 'previs', row(world).version, { workflowId: 'embedded-animatic-noir' });
    world.provider.faults = ['fails-later', 'fails-later'];
    world.startBatch();
    await world.rest();
    expect(workflows(world)).toEqual(Array(3).fill('embedded-animatic-noir'));
    expect(other.posts.size).toBe(0);
  });
});

describe('what project.json says of engines', () => {
  const project = { provider_strategy: { previs: 'embedded-animatic-wash' } };

  it('holds for a batch on the project’s own provider', async () => {
    const world = makeWorld({ project });
    world.startBatch();
    await world.rest();
    expect(workflows(world)).toEqual(['embedded-animatic-wash']);
  });

  it('does not make a batch spend at another provider than the one it names', async () => {
    const { world, other } = await twoEngines({
      project: { default_provider: 'other', provider_strategy: { previs: 'other-still' } },
    });
    world.startBatch({ provider: 'embedded' });
    await world.rest();
    expect(workflows(world)).toEqual(['embedded-animatic-standard']);
    expect(other.posts.size).toBe(0);
  });
});
