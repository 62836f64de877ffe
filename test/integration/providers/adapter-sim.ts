/** An adapter against the simulator of its provider, driven as the orchestrator drives it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  PollAnswer,
  ProviderAdapter,
  ProviderJob,
  SubmitOutcome,
} from '../../../src-main/orchestrator/ports/provider.ts';
import { allProviders } from '../../../src-main/providers/all-providers.ts';
import { sniffFile } from '../../../src-main/providers/http/sniff-file.ts';
import type { ProviderDefinition } from '../../../src-main/providers/provider-definition.ts';
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import {
  doubtfulAttempt,
  openProviderBench,
  type ProviderBench,
  reservationOf,
} from '../../fixtures/provider-bench.ts';
import type { BillRow, SimulatorUrls } from '../../simulators/start-simulator.ts';
import { openSimulatorWorld, type SimulatorWorld } from '../simulators/simulator-world.ts';

/** A key that the simulator lets in and that nothing may ever hold. */
export const simulatorKey = 'sim-planted-5ecret-key-0042';
export const never = new AbortController().signal;

export class AdapterSim {
  readonly sim: SimulatorWorld;
  readonly bench: ProviderBench;
  readonly definition: ProviderDefinition;
  readonly adapter: ProviderAdapter;
  /** a picture to work from */
  readonly picture: RefUsed;

  private constructor(given: {
    sim: SimulatorWorld;
    bench: ProviderBench;
    definition: ProviderDefinition;
    picture: RefUsed;
  }) {
    this.sim = given.sim;
    this.bench = given.bench;
    this.definition = given.definition;
    this.picture = given.picture;
    this.adapter = this.again();
  }

  static async open(id: Exclude<keyof SimulatorUrls, 'fal'>): Promise<AdapterSim> {
    const definition = allProviders.find((one) => one.id === id);
    if (!definition) throw new Error(`${id} is not registered`);
    const sim = await openSimulatorWorld();
    const key = () => (definition.key ? simulatorKey : null);
    const bench = await openProviderBench('', { key, baseUrl: () => sim.simulator.urls[id] });
    const picture = await bench.picture('start.png', { width: 180, height: 320 });
    return new AdapterSim({ sim, bench, definition, picture });
  }

  /** A second adapter over the same folder, as after a restart. */
  again(): ProviderAdapter {
    return this.definition.build(this.bench.tools);
  }

  /** Uploads, then submits, with the estimate reserved. */
  async submit(request: GenerationRequest, attemptId = `a-${request.prompt}`): Promise<ProviderJob> {
    const inputs = await this.adapter.upload(request, never);
    const reservation = reservationOf(attemptId, this.adapter.estimate(request) ?? 0);
    return this.adapter.submit(request, { reservation, inputs }, never);
  }

  /** How a submit that fails is read. */
  refused(request: GenerationRequest): Promise<SubmitOutcome> {
    return this.submit(request).then(
      (job) => {
        throw new Error(`It was taken as ${job.id}.`);
      },
      (error: unknown) => this.adapter.readSubmitError(error),
    );
  }

  async pollToEnd(job: ProviderJob): Promise<PollAnswer> {
    for (let turn = 0; turn < 20; turn++) {
      const answer = await this.adapter.poll(job, never);
      if (answer.kind !== 'pending') return answer;
    }
    throw new Error('The job does not end.');
  }

  async fetch(job: ProviderJob, name = 'fetched') {
    const path = join(this.bench.folder, name);
    const got = await this.adapter.fetchResult(job, path, never);
    const bytes = await readFile(path);
    return { ...got, kind: sniffFile(bytes.subarray(0, 512)), bytes };
  }

  async billOf(prompt: string): Promise<BillRow[]> {
    return (await this.sim.simulator.bill()).filter((row) => row.prompt.startsWith(prompt));
  }

  async close(): Promise<void> {
    await this.sim.close();
    await this.bench.close();
  }
}

export interface AdapterStory {
  id: Exclude<keyof SimulatorUrls, 'fal'>;
  /** one request per endpoint and workflow; the first is told the whole story of */
  requests: (picture: RefUsed) => Record<string, GenerationRequest>;
  /** where the file comes with the answer to the submit */
  synchronous?: boolean;
}

/** The clip of a request, as short as engines make one. */
export function lasting(request: GenerationRequest, durationSeconds: number): GenerationRequest {
  return { ...request, output: { ...request.output, durationSeconds } };
}

/** What every adapter does with its provider, from submit to file and through the usual faults. */
export function tellAdapterStory({ id, requests, synchronous = false }: AdapterStory): () => AdapterSim {
  let world: AdapterSim;
  beforeAll(async () => {
    world = await AdapterSim.open(id);
  });
  afterAll(() => world.close());
  beforeEach(() => world.sim.faults());
  const first = (prompt: string): GenerationRequest => {
    const [request] = Object.values(requests(world.picture));
    if (!request) throw new Error('A story needs a request.');
    return { ...request, prompt };
  };
  const names = Object.keys(requests({ role: 'x', path: 'x', hash: `sha256:${'0'.repeat(64)}` }));

  describe('from submit to file', () => {
    it.each(names)('%s is taken as the strict schema wants it, made, fetched and paid as estimated', async (name) => {
      const request = { ...(requests(world.picture)[name] ?? first('')), prompt: `story ${name}` };
      expect(world.adapter.refusal(request)).toBeNull();
      const job = await world.submit(request);
      expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
      const got = await world.fetch(job);
      expect(got.extension).toBe(got.kind);
      expect(got.kind).toBe(request.output.kind === 'clip' ? '.mp4' : '.png');
      expect(got.costMicroUsd).toBe(world.adapter.estimate(request));
      const inputSha256s = [...request.refs, ...(request.startFrame ? [request.startFrame] : [])].map(
        ({ hash }) => hash,
      );
      const [row, ...more] = await world.billOf(request.prompt);
      expect(row).toMatchObject({ micro_usd: got.costMicroUsd, refunded: false, inputSha256s });
      expect(more).toEqual([]);
    });

    it('a job is followed by another process that knows what was recorded only', async () => {
      const job = JSON.parse(JSON.stringify(await world.submit(first('restart')))) as ProviderJob;
      expect(JSON.stringify(job)).not.toContain(simulatorKey);
      expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
      expect((await world.again().fetchResult(job, join(world.bench.folder, 'again'), never)).extension).toMatch(/^\./);
    });
  });

  describe('a submit that goes wrong', () => {
    // an own machine knows no keys, no money and no filter
    const paid =
      id === 'comfyui'
        ? []
        : ([
            ['unauthorized', 'rejected', 'permanent', 'account'],
            ['insufficient-funds', 'rejected', 'budget', 'account'],
            ['content-policy', 'rejected', 'content_filter', 'rejected_request'],
          ] as const);
    it.each([
      ...paid,
      ['bad-request', 'rejected', 'permanent', 'rejected_request'],
      ['reject-500-unbilled', 'unknown', 'transient', 'server'],
      ['drop-unaccepted', 'unknown', 'transient', 'network'],
    ] as const)('%s is %s: %s, %s', async (kind, outcome, category, detail) => {
      await world.sim.faults({ id: 'f', kind } as never);
      expect(await world.refused(first(`wrong ${kind}`))).toMatchObject({
        kind: outcome,
        failure: { category, detail },
      });
      expect(await world.billOf(`wrong ${kind}`)).toEqual([]);
    });

    it('waits as long as it is told', async () => {
      await world.sim.faults({ id: 'f', kind: 'rate-limit', retryAfterSeconds: 9 });
      const failure = { category: 'transient', detail: 'rate_limit', retryAfterMs: 9000 };
      expect(await world.refused(first('slow down'))).toMatchObject({ kind: 'rejected', failure });
    });

    it.each(['accept-then-drop', 'accept-then-500'] as const)(
      'is billed once and held in doubt after %s',
      async (kind) => {
        await world.sim.faults({ id: 'f', kind });
        expect(await world.refused(first(`doubt ${kind}`))).toMatchObject({ kind: 'unknown' });
        expect(await world.billOf(`doubt ${kind}`)).toHaveLength(1);
      },
    );
  });

  if (synchronous) {
    it('names no job that a person could adopt: what was lost with the answer is lost', () => {
      const attempt = doubtfulAttempt('a-named', first('named'));
      expect(() => world.adapter.adopt?.(attempt, 'receipt-1')).toThrow(/cannot be fetched/);
    });

    it('an answer that is lost was billed and stays in doubt; one that came is found again', async () => {
      await world.sim.faults({ id: 'f', kind: 'truncated-download' });
      expect(await world.refused(first('half'))).toMatchObject({ kind: 'unknown' });
      expect(await world.billOf('half')).toHaveLength(1);
      const half = doubtfulAttempt('a-half', first('half'));
      expect(await world.adapter.reconcile(half, never)).toEqual({ kind: 'unsupported' });
      await world.submit(first('whole'));
      const whole = doubtfulAttempt('a-whole', first('whole'));
      expect(await world.again().reconcile(whole, never)).toMatchObject({ kind: 'found' });
    });
    return () => world;
  }

  it('a job that a person names by its id alone is followed, fetched and paid as reserved', async () => {
    const { id: jobId } = await world.submit(first('named'), 'a-named');
    const attempt = doubtfulAttempt('a-named', first('named'));
    const job = world.adapter.adopt?.(attempt, jobId) ?? { id: jobId, data: {} };
    expect(job.id).toBe(jobId);
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
    expect((await world.fetch(job, 'named')).costMicroUsd).toBe(id === 'comfyui' ? 0 : attempt.reservedMicroUsd);
  });

  describe('a download that goes wrong', () => {
    const failureOf = async (prompt: string) => {
      const job = await world.submit(first(prompt));
      expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
      return world.fetch(job).then(
        () => null,
        (error: unknown) => world.adapter.readFetchError(error),
      );
    };

    it.each([
      [{ kind: 'truncated-download' }, 'transient'],
      [{ kind: 'zero-byte-file' }, 'transient'],
      [{ kind: 'html-as-mp4' }, 'transient'],
      [{ kind: 'expired-url' }, 'permanent'],
    ])('%j is %s', async (fault, category) => {
      await world.sim.faults({ id: 'f', ...fault } as never);
      expect(await failureOf(`file ${JSON.stringify(fault)}`)).toMatchObject({ category });
    });
  });

  it('a poll that breaks off is asked again and loses nothing', async () => {
    await world.sim.faults({ id: 'f', kind: 'cut-status' }, { id: 'g', kind: 'status-500' });
    const job = await world.submit(first('broken polls'));
    for (let turn = 0; turn < 2; turn++) {
      const failure = await world.adapter
        .poll(job, never)
        .catch((error: unknown) => world.adapter.readFetchError(error));
      expect(failure).toMatchObject({ category: 'transient' });
    }
    expect(await world.pollToEnd(job)).toEqual({ kind: 'done' });
  });
  return () => world;
}
