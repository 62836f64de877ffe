import { describe, expect, it } from 'vitest';
import strategies from '../../../resources/provider_strategy.v1.json' with { type: 'json' };
import table from '../../../resources/workflow_registry.v1.json' with { type: 'json' };
import { nextFallback, resolveProvider, type ShotNeeds } from '../../../src-main/supervisor/provider-strategy.ts';
import { readWorkflowRegistry } from '../../../src-main/supervisor/workflow-registry.ts';
import { phases } from '../../../src-shared/domain/phase.ts';
import { type PhaseStrategy, phaseStrategySchema } from '../../../src-shared/domain/provider-strategy.ts';

const plain: ShotNeeds = {
  ...{ pipeline: 'i2v', durationSeconds: 4, refs: 2, aspect: { width: 9, height: 16 }, dialogue: false },
};

const strategy: PhaseStrategy = phaseStrategySchema.parse({
  primary: 'short',
  exceptions: [
    { when: { pipelines: ['t2v'], longerThanSeconds: 5 }, workflow: 'long-text', reason: 'Text, and long.' },
    { when: { pipelines: ['t2v'] }, workflow: 'text', reason: 'Takes no start frame.' },
    { when: { longerThanSeconds: 5 }, workflow: 'long', reason: 'Makes ten seconds.' },
    { when: { shorterThanSeconds: 2 }, workflow: 'flash', reason: 'Makes one second.' },
    { when: { fewerRefsThan: 1 }, workflow: 'words', reason: 'Takes no picture.' },
    { when: { moreRefsThan: 4 }, workflow: 'refs', reason: 'Takes nine pictures.' },
    { when: { shape: 'landscape' }, workflow: 'wide', reason: 'Makes wide pictures.' },
    { when: { dialogue: true }, workflow: 'talk', reason: 'Moves lips.' },
  ],
  fallback: ['other', 'third'],
});

describe('the order in which a workflow is found', () => {
  it.each<[string, Partial<Parameters<typeof resolveProvider>[0]>, Partial<ShotNeeds>, string | undefined, string?]>([
    ['the primary', {}, {}, 'short', 'primary'],
    ['an exception of the pipeline', {}, { pipeline: 't2v' }, 'text', 'exception'],
    ['the first exception that holds', {}, { pipeline: 't2v', durationSeconds: 8 }, 'long-text', 'exception'],
    ['an exception of the duration', {}, { durationSeconds: 5.5 }, 'long', 'exception'],
    ['the primary at the limit of its duration', {}, { durationSeconds: 5 }, 'short', 'primary'],
    ['an exception of a short duration', {}, { durationSeconds: 1 }, 'flash', 'exception'],
    ['the primary at the limit of a short duration', {}, { durationSeconds: 2 }, 'short', 'primary'],
    ['the primary at the limit of many references', {}, { refs: 4 }, 'short', 'primary'],
    ['the primary at the limit of few references', {}, { refs: 1 }, 'short', 'primary'],
    ['the primary of a square picture', {}, { aspect: { width: 9, height: 9 } }, 'short', 'primary'],
    ['an exception of no references', {}, { refs: 0 }, 'words', 'exception'],
    ['an exception of many references', {}, { refs: 5 }, 'refs', 'exception'],
    ['an exception of the aspect', {}, { aspect: { width: 16, height: 9 } }, 'wide', 'exception'],
    ['an exception of dialogue', {}, { dialogue: true }, 'talk', 'exception'],
    ['the project’s choice over every exception', { project: 'mine' }, { pipeline: 't2v' }, 'mine', 'project'],
    ['the director’s reroute over the project', { project: 'mine', reroute: 'hers' }, {}, 'hers', 'reroute'],
    ['nothing without a strategy', { strategy: null }, {}, undefined],
    ['a choice without a strategy', { strategy: null, reroute: 'hers' }, {}, 'hers', 'reroute'],
  ])('is %s', (_, part, needs, workflowId, by) => {
    const question = { phase: 'video' as const, reroute: null, project: null, strategy, needs: { ...plain, ...needs } };
    const answer = resolveProvider({ ...question, ...part });
    expect(answer?.workflowId).toBe(workflowId);
    if (by) expect(answer?.by).toBe(by);
  });

  it('says why where an exception was made', () => {
    const question = { phase: 'video' as const, reroute: null, project: null, strategy };
    expect(resolveProvider({ ...question, needs: { ...plain, dialogue: true } })?.reason).toBe('Moves lips.');
  });

  it('never answers with a fallback: those are taken in order, each once', () => {
    expect(nextFallback(strategy, new Set(['short']))).toBe('other');
    expect(nextFallback(strategy, new Set(['short', 'other']))).toBe('third');
    expect(nextFallback(strategy, new Set(['short', 'other', 'third']))).toBeNull();
    expect(nextFallback(null, new Set())).toBeNull();
  });
});

describe('the table of strategies', () => {
  const registry = readWorkflowRegistry(table, strategies);

  it('is the one that is delivered, and every provider it names makes every phase that its rows can', () => {
    for (const provider of Object.keys(strategies.strategies)) {
      for (const phase of phases) {
        const canMake = registry.forPhase(phase).some((workflow) => workflow.provider === provider);
        expect([provider, phase, registry.strategyOf(provider, phase) !== null]).toEqual([provider, phase, canMake]);
      }
    }
  });

  it('names every provider that has a workflow', () => {
    const providers = new Set(table.workflows.filter(({ enabled }) => enabled).map(({ provider }) => provider));
    expect([...providers].filter((provider) => !(provider in strategies.strategies))).toEqual([]);
  });

  it('answers with the provider’s first workflow for one that it does not name', () => {
    const without = readWorkflowRegistry(table);
    expect(without.strategyOf('embedded', 'previs')?.primary).toBe('embedded-animatic-standard');
    expect(without.strategyOf('nobody', 'previs')).toBeNull();
  });

  const withVideo = (video: unknown) => ({ ...strategies, strategies: { embedded: { video } } });
  const good = 'embedded-animatic-move';
  it.each([
    ['a wrong schema', { ...strategies, schema_version: 'v0' }, 'schema_version'],
    ['an unknown field', withVideo({ primary: good, spare: 'x' }), 'spare'],
    ['a workflow that is not there', withVideo({ primary: 'gone' }), 'strategies.embedded.video.primary: there is no'],
    ['one that is not enabled', withVideo({ primary: good, fallback: ['off'] }), 'fallback[0]: off is not enabled'],
    ['one for another phase', withVideo({ primary: 'embedded-animatic-noir' }), 'does not make video'],
    [
      'an exception of another provider',
      withVideo({ primary: good, exceptions: [{ when: { dialogue: true }, workflow: 'far', reason: 'r' }] }),
      'exceptions[0].workflow: far belongs to far',
    ],
    [
      'an exception that always holds',
      withVideo({ primary: good, exceptions: [{ when: {}, workflow: good, reason: 'r' }] }),
      'without a condition',
    ],
  ])('is refused whole, with file and field, for %s', (_, bad, field) => {
    const [row] = table.workflows.filter(({ id }) => id === good);
    const rows = [...table.workflows, { ...row, id: 'off', enabled: false }, { ...row, id: 'far', provider: 'far' }];
    expect(() => readWorkflowRegistry({ ...table, workflows: rows }, bad)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('resources/provider_strategy.v1.json') }),
    );
    expect(() => readWorkflowRegistry({ ...table, workflows: rows }, bad)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(field) }),
    );
  });
});
