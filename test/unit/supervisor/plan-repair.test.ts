import { describe, expect, it } from 'vitest';
import { failingCharacters, planRepair, type RepairQuestion } from '../../../src-main/supervisor/plan-repair.ts';
import type { Finding, GateName, GateResult } from '../../../src-shared/domain/verdict.ts';
import { gateResult, makePlan } from '../../fakes/production-world.ts';

const [hill] = makePlan(1).shots;
if (!hill) throw new Error('no shot');
const character = (id: string) => ({ character_id: id, hero_slot: 'identity/front', expression_slots: [] });
const shot = { ...hill, asset_data: { ...hill.asset_data, characters: [character('ines'), character('pip')] } };

function rejected(gate: GateName, codes: [string, string, Finding['severity']?][]): GateResult {
  const findings = codes.map(([code, message, severity = 'major']) => ({
    ...{ code, message, severity, startFrame: null, endFrame: null },
  }));
  return { ...gateResult(gate, 'fail'), findings };
}

const ask = (part: Partial<RepairQuestion>) =>
  planRepair({ category: 'transient', detail: 'server', gate: null, failed: 1, shot, fallback: 'other', ...part });

describe('a repair', () => {
  it('repeats a lost request as it was', () => {
    expect(ask({})).toEqual({ seed: 'same', focus: null, negative: [], workflowId: null });
  });

  it.each(['transient', 'gate_mechanical', 'gate_identity', 'gate_wardrobe'] as const)(
    'of %s goes to the fallback after the second failure of its kind, not before',
    (category) => {
      expect(ask({ category, failed: 1 }).workflowId).toBeNull();
      expect(ask({ category, failed: 2 }).workflowId).toBe('other');
      expect(ask({ category, failed: 2, fallback: null }).workflowId).toBeNull();
    },
  );

  it.each(['rate_limit', 'in_doubt', 'network'] as const)('after %s stays with its engine, however often', (detail) => {
    expect(ask({ detail, failed: 3 }).workflowId).toBeNull();
  });

  it.each(['server', 'timeout', 'bad_output', 'unknown'] as const)('after %s goes to another engine', (detail) => {
    expect(ask({ detail, failed: 2 }).workflowId).toBe('other');
  });

  it.each(['account', 'disk'] as const)('of what only a person can mend (%s) goes nowhere', (detail) => {
    expect(ask({ category: 'budget', detail, failed: 3 }).workflowId).toBeNull();
  });

  it('of a mechanical fault takes a new seed and names what to leave out, each once', () => {
    const gate = rejected('gate_1', [
      ['flicker', 'It flickers.'],
      ['flicker', 'It flickers again.'],
      ['size', 'It is too small.'],
      ['black', 'One frame is dark.', 'minor'],
    ]);
    expect(ask({ category: 'gate_mechanical', gate })).toMatchObject({ seed: 'new', negative: ['flicker, strobing'] });
  });

  it('of a mechanical fault names what is fatal too', () => {
    const gate = rejected('gate_1', [['black', 'It is black.', 'fatal']]);
    expect(ask({ category: 'gate_mechanical', gate }).negative).toEqual(['black frames']);
  });

  it('of a wrong face reads the measurements that failed, not those that passed, and takes a new seed', () => {
    const measured = (metric: string, status: 'pass' | 'fail') => ({
      ...{ metric, value: 0.5, unit: null, threshold: '≥ 0.6', status },
    });
    const gate = {
      ...gateResult('gate_2a_identity', 'fail'),
      measurements: [measured('face:ines', 'pass'), measured('face:pip', 'fail')],
    };
    expect(ask({ category: 'gate_identity', gate })).toMatchObject({
      ...{ seed: 'new', focus: { characters: ['pip'] } },
    });
  });

  it('of a wrong face leads with the character that the gate names, else with all of the shot', () => {
    const named = rejected('gate_2a_identity', [['identity', 'The face is not that of pip.']]);
    expect(ask({ category: 'gate_identity', gate: named }).focus).toEqual({ kind: 'identity', characters: ['pip'] });
    const unnamed = rejected('gate_2a_identity', [['identity', 'Another face.']]);
    expect(ask({ category: 'gate_identity', gate: unnamed }).focus?.characters).toEqual(['ines', 'pip']);
  });

  it('of wrong clothes looks at the wardrobe of that character', () => {
    const gate = rejected('gate_2a_wardrobe', [['wardrobe:ines', 'Another coat.']]);
    expect(ask({ category: 'gate_wardrobe', gate }).focus).toEqual({ kind: 'wardrobe', characters: ['ines'] });
  });

  it.each(['gate_video_drift', 'content_filter', 'permanent'] as const)(
    'of %s is a person’s: nothing changes',
    (one) => {
      expect(ask({ category: one, failed: 5 })).toEqual({ seed: 'same', focus: null, negative: [], workflowId: null });
    },
  );
});

it('reads a character’s name as a whole word, so that "pipes" is not pip', () => {
  expect(failingCharacters(rejected('gate_2a_identity', [['identity', 'Pipes cover it.']]), shot)).toEqual([
    ...['ines', 'pip'],
  ]);
});
