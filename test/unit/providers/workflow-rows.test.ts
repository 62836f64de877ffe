/** The table of workflows that ships fits the engines that it names: endpoint, parameters, limits, phases, price. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allProviders } from '../../../src-main/providers/all-providers.ts';
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import { workflowRegistrySchema } from '../../../src-shared/domain/workflow.ts';
import { clipRequest, openProviderBench, type ProviderBench, stillRequest } from '../../fixtures/provider-bench.ts';

const file = new URL('../../../resources/workflow_registry.v1.json', import.meta.url);
const { workflows } = workflowRegistrySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
const rows = workflows.filter(({ provider }) => provider !== 'embedded');
/** rows whose price is not in the table yet: they are refused, and say so */
const unpriced = ['replicate-seedance-1-pro', 'fal-flux-2-pro-edit'];
/** rows for projects that are wider than high */
const wide = ['fal-flux-2-pro-wide'];

let bench: ProviderBench;
beforeAll(async () => {
  bench = await openProviderBench('http://127.0.0.1:9');
});
afterAll(() => bench.close());

describe.each(rows.map((row) => [row.id, row] as const))('%s', (id, row) => {
  const adapter = () => {
    const definition = allProviders.find((one) => one.id === row.provider);
    if (!definition) throw new Error(`${row.provider} is not registered`);
    return definition.build(bench.tools);
  };
  const requestFor = (refs: number): GenerationRequest => {
    const ref = (index: number) => {
      const hash = `sha256:${String(index).padStart(64, '0')}`;
      return { role: `char:c${index}:identity/front`, path: `c${index}.png`, hash };
    };
    const make = row.phases.includes('video') ? clipRequest : stillRequest;
    const request = make({ provider: row.provider, endpoint: row.endpoint, params: row.params });
    const lengths = adapter().endpoint(row.endpoint)?.durationsSeconds;
    const durationSeconds = request.output.kind === 'clip' ? (lengths?.[0] ?? 5) : null;
    return {
      ...{ ...request, refs: Array.from({ length: refs }, (_, index) => ref(index + 1)) },
      output: {
        ...{ ...request.output, durationSeconds },
        ...(wide.includes(row.id) ? { width: 1280, height: 720 } : {}),
      },
    };
  };

  test('names an endpoint that makes its phases, within its limits', () => {
    const endpoint = adapter().endpoint(row.endpoint);
    expect(endpoint?.phases).toEqual(expect.arrayContaining(row.phases));
    expect(row.maxRefs).toBeLessThanOrEqual(endpoint?.maxRefs ?? -1);
    expect(row.maxPromptChars).toBeLessThanOrEqual(endpoint?.maxPromptChars ?? -1);
  });

  test('asks for what the engine takes, with as many references as it says', () => {
    expect(adapter().refusal(requestFor(row.maxRefs))).toBeNull();
  });

  test('has a price, or is known to have none', () => {
    const price = adapter().estimate(requestFor(0));
    if (unpriced.includes(id)) expect(price).toBeNull();
    else expect(price).not.toBeNull();
  });
});
