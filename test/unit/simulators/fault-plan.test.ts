import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { help } from '../../simulators/command-line.ts';
import {
  type Fault,
  faultKinds,
  faultPlanSchema,
  fitsOrdinal,
  fitsSubject,
  readFaultPlan,
} from '../../simulators/core/fault-plan.ts';

const plans = join(import.meta.dirname, '..', '..', 'simulators', 'plans');

function faultWith(match: Fault['match']): Fault {
  const plan = { schema_version: 'fault-plan.v1', faults: [{ id: 'f', kind: 'unauthorized', match }] };
  const [fault] = faultPlanSchema.parse(plan).faults;
  if (!fault) throw new Error('The plan holds one fault.');
  return fault;
}

describe('a fault plan', () => {
  test.each(readdirSync(plans))('%s is one', (name) => {
    expect(readFaultPlan(join(plans, name)).settings.pace.runMs).toBeGreaterThan(0);
  });

  test('that is empty lets a job wait one question and run one', () => {
    const { faults, settings } = faultPlanSchema.parse({ schema_version: 'fault-plan.v1' });
    expect(faults).toEqual([]);
    expect(settings.pace).toEqual({ queuePolls: 1, runPolls: 1, queueMs: 0, runMs: 0 });
    expect(settings.resultTtlMs).toBe(3_600_000);
  });

  test.each([
    ['a kind that is not there', { id: 'f', kind: 'explode' }],
    ['a field that is not there', { id: 'f', kind: 'rate-limit', retryAfter: 5 }],
    ['a fault without an id', { kind: 'unauthorized' }],
    ['a place before the first', { id: 'f', kind: 'unauthorized', match: { nth: 0 } }],
    ['a provider that is not there', { id: 'f', kind: 'unauthorized', match: { provider: 'luma' } }],
  ])('with %s is refused', (_what, fault) => {
    expect(faultPlanSchema.safeParse({ schema_version: 'fault-plan.v1', faults: [fault] }).success).toBe(false);
  });

  test('with two faults of one id is refused: their hits could not be told apart', () => {
    const fault = { id: 'f', kind: 'unauthorized' };
    expect(faultPlanSchema.safeParse({ schema_version: 'fault-plan.v1', faults: [fault, fault] }).success).toBe(false);
  });
});

describe('a fault fits', () => {
  const subject = {
    provider: 'fal',
    endpoint: 'fal-ai/veo3.1/image-to-video',
    prompt: 'SH012: dawn',
    seed: 7,
  } as const;

  test.each([
    [{}, true],
    [{ provider: 'fal', endpoint: 'veo3.1', prompt: 'SH012', seed: 7 }, true],
    [{ provider: 'ark' }, false],
    [{ endpoint: 'seedance' }, false],
    [{ prompt: 'SH013' }, false],
    [{ seed: 8 }, false],
    [{ prompt: 'SH012', seed: 8 }, false],
  ] as const)('%j: %s', (match, fits) => {
    expect(fitsSubject(faultWith(match), subject)).toBe(fits);
  });

  test('the place in the row that it names, or every one', () => {
    const second = faultWith({ nth: 2 });
    expect([1, 2, 3].map((n) => fitsOrdinal(second, { f: n }))).toEqual([false, true, false]);
    expect(fitsOrdinal(faultWith({}), {})).toBe(true);
  });
});

describe('the page about fault plans', () => {
  const page = readFileSync(join(plans, '..', 'README.md'), 'utf8');

  test.each(faultKinds)('names %s', (kind) => {
    expect(page).toContain(`\`${kind}\``);
  });

  test.each(Object.keys(faultPlanSchema.parse({ schema_version: 'fault-plan.v1' }).settings))('names %s', (setting) => {
    expect(page).toContain(`\`${setting}\``);
  });
});

test('the plan that --help shows is one', () => {
  const shown = help.slice(help.indexOf('\n{') + 1, help.indexOf('\n}') + 2);
  expect(faultPlanSchema.parse(JSON.parse(shown)).faults).not.toEqual([]);
});
