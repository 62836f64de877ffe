import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import priceJson from '../../../resources/prices.v1.json' with { type: 'json' };
import strategies from '../../../resources/provider_strategy.v1.json' with { type: 'json' };
import table from '../../../resources/workflow_registry.v1.json' with { type: 'json' };
import type { ProviderAdapter } from '../../../src-main/orchestrator/ports/provider.ts';
import {
  type ComposeDeps,
  type ComposeOrder,
  composeRequest,
} from '../../../src-main/orchestrator/request/compose-request.ts';
import { repairRequest } from '../../../src-main/orchestrator/request/repair-request.ts';
import { allProviders } from '../../../src-main/providers/all-providers.ts';
import { slotsOfShot } from '../../../src-main/refs/resolve-refs.ts';
import { readWorkflowRegistry } from '../../../src-main/supervisor/workflow-registry.ts';
import type { phases } from '../../../src-shared/domain/phase.ts';
import { planFileSchema } from '../../../src-shared/domain/plan.ts';
import { priceTableSchema } from '../../../src-shared/domain/price.ts';
import { refsManifestSchema, slotKeyText } from '../../../src-shared/domain/ref.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { makeWorld } from '../../fakes/production-world.ts';

const sample = join(import.meta.dirname, '../../../projects/last-car-to-salt-hill');
const readSample = (path: string): unknown => JSON.parse(readFileSync(join(sample, path), 'utf8'));
const plan = planFileSchema.parse(readSample('plans/ep_001_plan.json'));
const heroes = new Map(
  refsManifestSchema.parse(readSample('assets/refs.manifest.json')).slots.map((ref) => {
    const slot = { subjectClass: ref.subject_class, subjectId: ref.subject_id, kind: ref.kind, view: ref.view };
    return [slotKeyText(slot), { role: slotKeyText(slot), slot, path: ref.path, sha256: ref.sha256 }];
  }),
);
const prices = priceTableSchema.parse(priceJson);

/** Every engine, with a key that nobody accepts: nothing is sent here. */
const providers = new Map<string, ProviderAdapter>(
  allProviders.map((definition) => {
    const adapter = definition.build({
      ...{
        key: () => 'no-key',
        baseUrl: () => 'http://127.0.0.1:9',
        prices,
        resolvePath: (path) => join(sample, path),
      },
      ...{
        uploads: { find: () => null, record: () => {}, forget: () => {} },
        jobsFolder: sample,
        now: () => new Date(0),
      },
    });
    return [adapter.name, adapter];
  }),
);

function composeSample(provider: string, phase: (typeof phases)[number]) {
  const world = makeWorld({ store: 'memory' });
  const [any] = world.shotIds.flatMap((id) => world.store.shot(id) ?? []);
  if (!any) throw new Error('no shot');
  const keyframe = [...heroes.values()][0];
  const deps: ComposeDeps = {
    ...world.deps,
    providers,
    workflows: readWorkflowRegistry(table, strategies),
    resolveRefs: (shot, surface) => ({
      refs: slotsOfShot(shot, surface).flatMap((slot) => heroes.get(slotKeyText(slot)) ?? []),
      missing: [],
    }),
    store: { ...world.store, take: () => ({ ...keyframe, path: keyframe?.path }) } as never,
  };
  return plan.shots.map((entry) => {
    const approved = { ...any.phases.keyframe, approvedTakeId: 'EP001_SH001_T1' };
    const shot: Shot = { ...any, id: entry.shot_id, plan: entry, phases: { ...any.phases, keyframe: approved } };
    const order: ComposeOrder = { shot, phase, provider, seed: 7, startFrame: 'required' };
    return { shot: entry.shot_id, deps, order, composed: composeRequest(deps, order) };
  });
}

const cases = Object.entries(strategies.strategies)
  .filter(([provider]) => provider !== 'embedded')
  .flatMap(([provider, byPhase]) => Object.keys(byPhase).map((phase) => [provider, phase as 'video'] as const));

describe('the strategies and the engines that are delivered', () => {
  it.each(cases)('%s is asked for a repair of its %s, and what reaches it is said to be changed', (provider, phase) => {
    const [runs] = composeSample(provider, phase).filter(({ composed }) => composed.kind === 'composed');
    if (runs?.composed.kind !== 'composed') return;
    const { request } = runs.composed;
    const repair = { seed: 'new' as const, focus: null, negative: ['plaid flannel'], workflowId: request.workflowId };
    const repaired = repairRequest(runs.deps, { compose: { ...runs.order, seed: 8 }, last: request, repair });
    if (repaired.composed.kind !== 'composed') throw new Error('refused');
    const next = repaired.composed.request;
    expect(repaired.change).toContain(request.seed === null ? 'akes no seed' : 'A new seed.');
    const isTold = next.negativePrompt !== request.negativePrompt;
    expect(repaired.change).toContain(isTold ? 'plaid flannel' : 'cannot be told what to leave out');
    expect(next.prompt).toBe(request.prompt);
  });

  it.each(cases)(
    '%s takes the %s of the sample production as it is composed, or says why in words',
    (provider, phase) => {
      const composed = composeSample(provider, phase);
      const refusals = composed.flatMap(({ shot, composed: { kind, ...rest } }) =>
        kind === 'refused' && 'reason' in rest ? [`${shot}: ${rest.reason}`] : [],
      );
      expect(composed.length).toBeGreaterThan(0);
      for (const refusal of refusals) expect(refusal).toMatch(/[.!]$/);
      // what is refused is a matter of the shot, not of the tables: most shots run
      expect(
        refusals.filter((refusal) => /Change the workflow|has no |not cleared|mend the table/.test(refusal)),
      ).toEqual([]);
      if (!mayRefuseMost.has(`${provider} ${phase}`)) expect(refusals.length).toBeLessThan(composed.length);
    },
  );
});

/** Engines that a whole production would not be made with: one reference, or none. */
const mayRefuseMost = new Set(['replicate keyframe', 'comfyui keyframe']);
