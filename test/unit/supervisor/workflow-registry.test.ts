import { describe, expect, it } from 'vitest';
import table from '../../../resources/workflow_registry.v1.json' with { type: 'json' };
import { fillParams, readWorkflowRegistry } from '../../../src-main/supervisor/workflow-registry.ts';
import { phases } from '../../../src-shared/domain/phase.ts';
import { makePlan } from '../../fakes/production-world.ts';

const registry = readWorkflowRegistry(table);

describe('the table of workflows', () => {
  it.each(phases)('offers at least two embedded engines for %s, with a known price', (phase) => {
    const embedded = registry.forPhase(phase).filter((workflow) => workflow.provider === 'embedded');
    expect(embedded.length).toBeGreaterThanOrEqual(2);
    const looks = embedded.map((workflow) => JSON.stringify(workflow.params));
    expect(new Set(looks).size).toBe(embedded.length);
  });

  it('takes the first enabled engine of the provider where nobody chose', () => {
    expect(registry.strategyOf('embedded', 'previs')?.primary).toBe('embedded-animatic-standard');
    expect(registry.strategyOf('embedded', 'video')?.primary).toBe('embedded-animatic-move');
    expect(registry.strategyOf('nobody', 'video')).toBeNull();
  });

  it('passes by a workflow that is not enabled', () => {
    const [first, ...rest] = table.workflows;
    const without = readWorkflowRegistry({ ...table, workflows: [{ ...first, enabled: false }, ...rest] });
    expect(without.strategyOf('embedded', 'previs')?.primary).toBe('embedded-animatic-noir');
  });

  it('fills a parameter from the shot and sends no parameter that is not declared', () => {
    const [shot] = makePlan(1).shots;
    const workflow = registry.find('embedded-animatic-hold');
    if (!shot || !workflow) throw new Error('not there');
    expect(fillParams(workflow, shot)).toEqual({
      ...{ style: 'standard', motion: 'hold', shot_type: 'wide', camera: 'Slow push in.', lighting: '' },
    });
  });

  it.each([
    ['a wrong schema', { ...table, schema_version: 'v0' }],
    ['two workflows of one id', { ...table, workflows: [table.workflows[0], table.workflows[0]] }],
    ['a parameter no shot has', { ...table, workflows: [{ ...table.workflows[0], params: { mood: '{mood}' } }] }],
  ])('is refused whole for %s', (_, bad) => {
    expect(() => readWorkflowRegistry(bad)).toThrow('cannot be used');
  });
});
