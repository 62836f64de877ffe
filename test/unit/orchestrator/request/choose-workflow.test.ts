import { describe, expect, it } from 'vitest';
import registry from '../../../../resources/workflow_registry.v1.json' with { type: 'json' };
import type { OrchestratorDeps } from '../../../../src-main/orchestrator/orchestrator-deps.ts';
import { chooseWorkflow, type WorkflowOrder } from '../../../../src-main/orchestrator/request/choose-workflow.ts';
import { quoteWorkflow } from '../../../../src-main/orchestrator/request/quote-workflow.ts';
import { readWorkflowRegistry } from '../../../../src-main/supervisor/workflow-registry.ts';
import { makeWorld } from '../../../fakes/production-world.ts';

const [still] = registry.workflows;
const rows = [
  { ...still, id: 'off', title: 'Off', enabled: false },
  { ...still, id: 'far', title: 'Far', provider: 'far' },
];
const workflows = readWorkflowRegistry({ ...registry, workflows: [...registry.workflows, ...rows] });

function choose(part: Partial<WorkflowOrder> = {}, deps: Partial<OrchestratorDeps> = {}) {
  const world = makeWorld({ store: 'memory' });
  const shot = world.store.shot('EP001_SH001');
  if (!shot) throw new Error('no shot');
  return chooseWorkflow(
    { ...world.deps, workflows, ...deps },
    { shot, phase: 'previs', provider: 'embedded', ...part },
  );
}

describe('the engine of a request', () => {
  it('is what was decided, else what the tables name', () => {
    expect(choose()).toMatchObject({ workflow: { id: 'embedded-animatic-standard' }, adapter: { name: 'embedded' } });
    expect(choose({ decided: 'embedded-animatic-noir' })).toMatchObject({ workflow: { id: 'embedded-animatic-noir' } });
  });

  it('is refused in a sentence where it cannot be used', () => {
    expect(choose({ provider: 'nobody' })).toBe('nobody has no workflow for previs.');
    expect(choose({ decided: 'gone' })).toBe('There is no workflow gone.');
    expect(choose({ decided: 'off' })).toBe('Off is not cleared for previs: choose another engine.');
    expect(choose({ decided: 'embedded-animatic-noir', phase: 'video' })).toContain('is not cleared for video');
    expect(choose({ decided: 'far' })).toBe('The engine far is not set up here.');
  });

  it('is refused where its provider has no such endpoint', () => {
    const { provider } = makeWorld({ store: 'memory' });
    provider.endpoint = () => null as never;
    expect(choose({}, { providers: new Map([['embedded', provider]]) })).toMatch(/mend the table of engines\.$/);
  });
});

describe('the price of one more take with an engine', () => {
  it('is told without a reservation, or why there would be none', () => {
    const world = makeWorld({ store: 'memory' });
    const shot = world.store.shot('EP001_SH001');
    if (!shot) throw new Error('no shot');
    const quote = (workflowId: string, deps: Partial<OrchestratorDeps> = {}) =>
      quoteWorkflow({ ...world.deps, ...deps }, shot, 'previs', workflowId);
    world.provider.price = 100_000;
    expect(quote('embedded-animatic-noir')).toEqual({ costMicroUsd: 100_000, refusal: null });
    const whyNotReady = (id: string) => `${id} has no key.`;
    expect(quote('embedded-animatic-noir', { whyNotReady })).toEqual({
      ...{ costMicroUsd: 100_000, refusal: 'embedded has no key.' },
    });
    expect(quote('gone')).toEqual({ costMicroUsd: null, refusal: 'There is no workflow gone.' });
    world.provider.price = null;
    expect(quote('embedded-animatic-noir')).toEqual({
      ...{ costMicroUsd: null, refusal: 'Its price is not known, so it will not be used.' },
    });
    expect(world.store.projectSpend().reservedMicroUsd).toBe(0);
  });
});
