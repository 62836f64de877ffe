import { describe, expect, it } from 'vitest';
import { type AutonomyQuestion, mayApprove } from '../../../../src-main/orchestrator/stations/autonomy-controller.ts';
import { autonomyConfigSchema } from '../../../../src-shared/domain/batch.ts';
import { gateResult } from '../../../fakes/production-world.ts';

const config = autonomyConfigSchema.parse({ enabled: true });

function ask(part: Partial<AutonomyQuestion> = {}) {
  return mayApprove({
    ...{ config, approvedInBatch: 0, requiredGates: ['gate_1'], shotType: 'wide' },
    results: [gateResult('gate_1', 'pass')],
    ...part,
  });
}

describe('the seven checks of autonomy', () => {
  it('approves when all say yes', () => {
    expect(ask()).toMatchObject({ approve: true, check: 'approve' });
  });

  it('is off by default', () => {
    expect(ask({ config: autonomyConfigSchema.parse({}) })).toMatchObject({ approve: false, check: 'enabled' });
  });

  it('stops at its cap, and has none at 0', () => {
    const capped = { ...config, max_auto_approve_per_batch: 2 };
    expect(ask({ config: capped, approvedInBatch: 1 }).approve).toBe(true);
    expect(ask({ config: capped, approvedInBatch: 2 })).toMatchObject({ approve: false, check: 'cap' });
    expect(ask({ approvedInBatch: 1000 }).approve).toBe(true);
  });

  it('says what an approval stands on: the gates that passed the take, and how many it has approved', () => {
    expect(ask({ approvedInBatch: 2 }).reason).toBe(
      'All seven checks of autonomy passed: Gate 1 · Mechanical passed it; approval 3 in this batch.',
    );
    const capped = { ...config, max_auto_approve_per_batch: 5 };
    expect(ask({ config: capped, approvedInBatch: 2 }).reason).toContain('approval 3 of 5 in this batch');
  });

  it.each(['deferred', 'unmeasurable', 'review'] as const)('leaves a take with a %s gate to a person', (status) => {
    expect(ask({ results: [gateResult('gate_1', status)] })).toMatchObject({ approve: false, check: 'deferred' });
  });

  it('wants gate 3 to have passed when it is required', () => {
    const strict = { ...config, require_gate3: true };
    expect(ask({ config: strict })).toMatchObject({ approve: false, check: 'gate-3' });
    const passed = [gateResult('gate_1', 'pass'), gateResult('gate_3', 'pass')];
    expect(ask({ config: strict, results: passed }).approve).toBe(true);
  });

  it('approves nothing that no gate has measured', () => {
    expect(ask({ results: [] })).toMatchObject({ approve: false, check: 'gates-pass' });
    const lenient = { ...config, require_all_gates_pass: false };
    expect(ask({ config: lenient, results: [] }).approve).toBe(false);
    expect(ask({ config: lenient, results: [gateResult('gate_1', 'skipped')] })).toMatchObject({ check: 'gates-pass' });
  });

  it('wants every required gate to have run and passed', () => {
    expect(ask({ requiredGates: ['gate_1', 'gate_2a_identity'] })).toMatchObject({ check: 'gates-pass' });
    expect(ask({ results: [gateResult('gate_1', 'skipped')] })).toMatchObject({ approve: false, check: 'gates-pass' });
  });

  it('approves nothing that a gate rejected, however lenient it is', () => {
    const lenient = { ...config, require_all_gates_pass: false };
    const results = [gateResult('gate_1', 'pass'), gateResult('gate_3', 'fail')];
    expect(ask({ config: lenient, results })).toMatchObject({ approve: false, check: 'gates-pass' });
    expect(ask({ config: lenient, results: results.slice(0, 1), requiredGates: ['gate_1', 'gate_3'] }).approve).toBe(
      true,
    );
  });

  it('leaves excluded types of shot to people', () => {
    expect(ask({ shotType: 'two_shot' })).toMatchObject({ approve: false, check: 'shot-type' });
  });

  it('are asked in one order: what speaks against a take is said one after the other as each is put right', () => {
    const asked: string[] = [];
    let question: Partial<AutonomyQuestion> = {
      config: { ...config, enabled: false, require_gate3: true, max_auto_approve_per_batch: 1 },
      ...{ approvedInBatch: 1, shotType: 'complex', results: [gateResult('gate_1', 'deferred')] },
    };
    const put = (right: Partial<AutonomyQuestion>) => {
      asked.push(ask(question).check);
      question = { ...question, ...right };
    };
    put({ config: { ...config, require_gate3: true, max_auto_approve_per_batch: 1 } });
    put({ approvedInBatch: 0 });
    put({ results: [gateResult('gate_1', 'fail')] });
    put({ results: [gateResult('gate_1', 'fail'), gateResult('gate_3', 'pass')] });
    put({ results: [gateResult('gate_1', 'pass'), gateResult('gate_3', 'pass')] });
    put({ shotType: 'wide' });
    put({});
    expect(asked).toEqual(['enabled', 'cap', 'deferred', 'gate-3', 'gates-pass', 'shot-type', 'approve']);
  });

  it('approves nothing that a gate rejected or skipped, whatever it requires', () => {
    const lenient = { ...config, require_all_gates_pass: false };
    const with1 = (status: 'fail' | 'skipped') => [gateResult('gate_1', 'pass'), gateResult('gate_3', status)];
    expect(ask({ config: lenient, results: with1('fail') })).toMatchObject({ approve: false, check: 'gates-pass' });
    expect(ask({ results: with1('skipped') })).toMatchObject({ approve: false, check: 'gates-pass' });
    // what it does not require it does not wait for
    expect(ask({ config: lenient, results: with1('skipped') }).approve).toBe(true);
  });

  it('answers with the first check that denies', () => {
    const off = autonomyConfigSchema.parse({});
    expect(ask({ config: off, results: [], shotType: 'complex' }).check).toBe('enabled');
    const capped = { ...config, max_auto_approve_per_batch: 1, require_gate3: true };
    const worse = {
      results: [gateResult('gate_1', 'deferred'), gateResult('gate_3', 'fail')],
      shotType: 'complex' as const,
    };
    expect(ask({ config: capped, approvedInBatch: 1, ...worse }).check).toBe('cap');
    expect(ask({ config: capped, ...worse }).check).toBe('deferred');
    expect(ask({ config: capped, results: worse.results.slice(1), shotType: 'complex' }).check).toBe('gate-3');
    expect(ask({ results: worse.results.slice(1), shotType: 'complex' }).check).toBe('gates-pass');
  });
});
