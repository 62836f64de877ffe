/** What holds for every engine that is reached over the network: keys, parameters, prices, and the table of a submit. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProviderAdapter, SubmitOutcome } from '../../../src-main/orchestrator/ports/provider.ts';
import { allProviders } from '../../../src-main/providers/all-providers.ts';
import { inputsOf } from '../../../src-main/providers/http/input-files.ts';
import type { ProviderDefinition, ProviderTools } from '../../../src-main/providers/provider-definition.ts';
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import { expectPeoplesSentence } from '../../fixtures/peoples-sentence.ts';
import { openProviderBench, type ProviderBench, plantedKey, reservationOf } from '../../fixtures/provider-bench.ts';
import { type ProviderSample, providerSamples } from '../../fixtures/provider-samples.ts';
import { type AnswerCall, answerJson, type HttpPeer, startHttpPeer } from '../../fixtures/start-http-peer.ts';

const never = new AbortController().signal;
let peer: HttpPeer;
let bench: ProviderBench;
let answer: AnswerCall;

beforeEach(async () => {
  answer = (_call, response) => answerJson(response, 500, { error: 'not told what to answer' });
  peer = await startHttpPeer((call, response, request) => answer(call, response, request));
  bench = await openProviderBench(peer.url);
});
afterEach(async () => {
  await peer.close();
  await bench.close();
});

function definitionOf({ provider }: ProviderSample): ProviderDefinition {
  const found = allProviders.find(({ id }) => id === provider);
  if (!found) throw new Error(`${provider} is not registered`);
  return found;
}

async function open(sample: ProviderSample, tools: Partial<ProviderTools> = {}) {
  const adapter = definitionOf(sample).build({ ...bench.tools, ...tools });
  return { adapter, request: sample.request(await bench.picture('start.png')) };
}

async function submit(adapter: ProviderAdapter, request: GenerationRequest): Promise<SubmitOutcome> {
  const inputs = new Map(inputsOf(request).map((ref) => [ref.hash, 'data:image/png;base64,AAAA']));
  try {
    const job = await adapter.submit(request, { reservation: reservationOf('att_1'), inputs }, never);
    throw new Error(`it was taken as ${job.id}`);
  } catch (error) {
    return adapter.readSubmitError(error);
  }
}

const samples = Object.entries(providerSamples);
const keyed = samples.filter(([, sample]) => definitionOf(sample).key !== null);

describe.each(samples)('%s', (_name, sample) => {
  test('takes what the table of workflows asks, and knows its price', async () => {
    const { adapter, request } = await open(sample);
    expect(adapter.refusal(request)).toBeNull();
    expect(adapter.estimate(request)).not.toBeNull();
    expect(adapter.endpoint(request.endpoint)?.phases).toContain(request.phase);
  });

  test('can cancel where it says that some jobs are dropped for nothing, and nowhere else', async () => {
    const { adapter } = await open(sample);
    expect(adapter.cancel !== undefined).toBe(adapter.capabilities.freeCancel !== 'none');
  });

  test('refuses a parameter that it does not know, an endpoint that it does not have, and no price', async () => {
    const { adapter, request } = await open(sample);
    const unknown = adapter.refusal({ ...request, params: { ...request.params, stpes: 20 } }) ?? '';
    expect(unknown).toContain('“stpes”');
    expectPeoplesSentence(unknown, definitionOf(sample).title);
    for (const endpoint of ['nowhere', 'constructor']) {
      expect(adapter.refusal({ ...request, endpoint })).toContain(endpoint);
      expect(adapter.endpoint(endpoint)).toBeNull();
    }
    const unpriced = await open(sample, { prices: { ...bench.tools.prices, entries: [] } });
    expect(unpriced.adapter.estimate(request)).toBeNull();
  });

  test('refuses a request without words, and one with more references than it takes', async () => {
    const { adapter, request } = await open(sample);
    expect(adapter.refusal({ ...request, prompt: ' ' })).toBe('The prompt is empty.');
    const { maxRefs = 0 } = adapter.endpoint(request.endpoint) ?? {};
    const ref = { role: 'char:mara:identity/front', path: 'mara.png', hash: `sha256:${'a'.repeat(64)}` };
    const refs = Array.from({ length: maxRefs + 1 }, () => ref);
    expect(adapter.refusal({ ...request, refs })).toMatch(
      new RegExp(`sends ${maxRefs + 1} reference pictures; .* takes`),
    );
  });

  test('says the same payload twice, without a key and before a file was sent', async () => {
    const { adapter, request } = await open(sample);
    const payload = adapter.payload(request, new Map());
    expect(adapter.payload(request, new Map())).toEqual(payload);
    expect(JSON.stringify(payload)).not.toContain(plantedKey);
    expect(payload.url.startsWith(peer.url)).toBe(true);
    expect(peer.seen).toHaveLength(0);
  });

  test.each([400, 404, 422])('reads %i as a no that costs nothing', async (status) => {
    const { adapter, request } = await open(sample);
    answer = (_call, response) => answerJson(response, status, { error: { message: 'no' } });
    const outcome = await submit(adapter, request);
    expect(outcome).toMatchObject({
      kind: 'rejected',
      billedMicroUsd: 0,
      failure: { category: 'permanent', detail: 'rejected_request' },
    });
    expectPeoplesSentence(outcome.failure.message, definitionOf(sample).title);
    expect(peer.seen).toHaveLength(1);
  });

  test('reads 429 as a wait and hands on how long', async () => {
    const { adapter, request } = await open(sample);
    answer = (_call, response) => answerJson(response, 429, { error: 'slow down' }, { 'retry-after': '7' });
    const outcome = await submit(adapter, request);
    const failure = { category: 'transient', detail: 'rate_limit', retryAfterMs: 7000 };
    expect(outcome).toMatchObject({ kind: 'rejected', failure });
    expectPeoplesSentence(outcome.failure.message, definitionOf(sample).title);
  });

  test.each([
    ['a 500', ((_call, response) => answerJson(response, 500, {})) as AnswerCall],
    ['a 503', ((_call, response) => answerJson(response, 503, {})) as AnswerCall],
    ['a redirect', ((_call, response) => void response.writeHead(307, { location: '/x' }).end()) as AnswerCall],
    ['a cut connection', ((_call, response) => void response.socket?.destroy()) as AnswerCall],
    ['a page', ((_call, response) => void response.writeHead(200).end('<html>busy</html>')) as AnswerCall],
    [
      'half an answer',
      ((_call, response) => void response.writeHead(200, { 'content-length': '99' }).write('{"id":')) as AnswerCall,
    ],
  ])('does not know what became of a submit after %s, and sends it once', async (name, say) => {
    const { adapter, request } = await open(sample);
    answer = (call, response, message) => {
      void say(call, response, message);
      if (name === 'half an answer') setImmediate(() => response.socket?.destroy());
    };
    const outcome = await submit(adapter, request);
    expect(outcome).toMatchObject({ kind: 'unknown', failure: { category: 'transient' } });
    expectPeoplesSentence(outcome.failure.message, definitionOf(sample).title);
    expect(peer.seen).toHaveLength(1);
  });

  test('knows that nothing was sent when nobody listens', async () => {
    const troubles: unknown[] = [];
    const onTrouble = (error: unknown) => void troubles.push(error);
    const { adapter, request } = await open(sample, { baseUrl: () => 'http://127.0.0.1:9', onTrouble });
    const outcome = await submit(adapter, request);
    expect(outcome).toMatchObject({ kind: 'not-sent', failure: { detail: 'network' } });
    expectPeoplesSentence(outcome.failure.message, definitionOf(sample).title);
    expect(troubles).toMatchObject([{ cause: { code: 'ECONNREFUSED', port: 9 } }]);
  });

  test('sends nothing while a file of the request is not with the provider, or the start frame is missing', async () => {
    const { adapter, request } = await open(sample);
    const order = { reservation: reservationOf('att_1'), inputs: new Map() };
    const missing = await adapter
      .submit(request, order, never)
      .catch((error: unknown) => adapter.readSubmitError(error));
    expect(missing).toMatchObject({ kind: 'not-sent', failure: { message: expect.stringContaining('start.png') } });
    const { title } = definitionOf(sample);
    expectPeoplesSentence('failure' in missing ? missing.failure.message : '', title);
    if (['kling', 'runway', 'comfyui'].includes(sample.provider)) {
      const frameless = await submit(adapter, { ...request, startFrame: null });
      expect(frameless).toMatchObject({ kind: 'not-sent', failure: { category: 'permanent' } });
      expectPeoplesSentence(frameless.failure.message, title);
    }
    expect(peer.seen).toHaveLength(0);
  });

  test('refuses a file that is not the recorded one any more, before anything is sent', async () => {
    const { adapter, request } = await open(sample);
    const changed = JSON.parse(JSON.stringify(request).replaceAll(/sha256:[0-9a-f]{64}/g, `sha256:${'0'.repeat(64)}`));
    await expect(adapter.upload(changed, never)).rejects.toMatchObject({ code: 'file.changed' });
    expect(peer.seen).toHaveLength(0);
  });
});

describe.each(keyed)('%s and its key', (_name, sample) => {
  test('says what to do without one, and asks nobody', async () => {
    const { adapter, request } = await open(sample, { key: () => null });
    const sentence = `No key for ${definitionOf(sample).title}: add one in Settings.`;
    expect(adapter.refusal(request)).toBe(sentence);
    expect(await submit(adapter, request)).toMatchObject({ kind: 'not-sent', failure: { message: sentence } });
    const job = { id: 'models/m/operations/o', data: { priceMicroUsd: 1, kind: 'clip', resultNode: null } };
    if (sample.provider !== 'openai') {
      const failure = await adapter.poll(job, never).catch((error: unknown) => adapter.readFetchError(error));
      expect(failure).toMatchObject({ category: 'transient', detail: 'account', message: sentence });
    }
    expect(peer.seen).toHaveLength(0);
  });

  test.each([401, 403])('refused with %i makes no job undone: whoever may not ask, asks again', async (status) => {
    const { adapter } = await open(sample);
    answer = (_call, response) => answerJson(response, status, { message: 'You may not read this model.' });
    const job = { id: 'models/m/operations/o', data: { priceMicroUsd: 1, kind: 'clip', resultNode: null } };
    if (sample.provider === 'openai') return;
    const failure = await adapter.poll(job, never).catch((error: unknown) => adapter.readFetchError(error));
    expect(failure).toMatchObject({ category: 'transient', detail: 'account' });
  });

  test('sends it in a header only, and shows it nowhere when it is echoed', async () => {
    const { adapter, request } = await open(sample);
    answer = (call, response) =>
      answerJson(response, 401, { message: `refused ${plantedKey}`, headers: call.headers, code: 1002 });
    const outcome = await submit(adapter, request);
    expect(outcome).toMatchObject({ kind: 'rejected', failure: { category: 'permanent', detail: 'account' } });
    expectPeoplesSentence(outcome.failure.message, definitionOf(sample).title);
    expect(JSON.stringify(outcome)).not.toContain(plantedKey);
    expect(peer.seen[0]?.url).not.toContain(plantedKey);
    expect(peer.seen[0]?.body.toString()).not.toContain(plantedKey);
    expect(JSON.stringify(peer.seen[0]?.headers)).toContain(plantedKey);
  });

  test('tries it out on a free call', async () => {
    const { testKey } = definitionOf(sample);
    answer = (_call, response) => answerJson(response, 200, { code: 0, items: [] });
    expect(await testKey(bench.tools, never)).toMatchObject({ kind: 'accepted' });
    answer = (_call, response) => answerJson(response, 401, { error: `bad ${plantedKey}`, code: 1002 });
    const refused = await testKey(bench.tools, never);
    expect(refused).toMatchObject({ kind: 'refused' });
    if (refused.kind === 'refused') expectPeoplesSentence(refused.reason, definitionOf(sample).title);
    expect(JSON.stringify(refused)).not.toContain(plantedKey);
    answer = (_call, response) => answerJson(response, 503, {});
    expect(await testKey(bench.tools, never)).toMatchObject({ kind: 'unreachable' });
    expect(peer.seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
    expect(await testKey({ ...bench.tools, key: () => null }, never)).toMatchObject({ kind: 'refused' });
  });
});
