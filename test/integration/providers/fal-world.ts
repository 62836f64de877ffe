import { join } from 'node:path';
import type { PollAnswer, ProviderJob } from '../../../src-main/orchestrator/ports/provider.ts';
import { createFalProvider } from '../../../src-main/providers/fal/fal-provider.ts';
import type { ProviderTools } from '../../../src-main/providers/provider-definition.ts';
import type { RemoteProvider } from '../../../src-main/providers/remote-provider.ts';
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import {
  clipRequest,
  openProviderBench,
  type ProviderBench,
  reservationOf,
  stillRequest,
} from '../../fixtures/provider-bench.ts';
import type { BillRow } from '../../simulators/start-simulator.ts';
import { openSimulatorWorld, type SimulatorWorld } from '../simulators/simulator-world.ts';

/** A key that the simulator lets in and that nothing may ever hold. */
export const simulatorKey = 'sim-planted-5ecret-key-0042';
export const never = new AbortController().signal;

/** The adapter against the simulator, with time that a test moves. */
export interface FalWorld {
  readonly sim: SimulatorWorld;
  readonly bench: ProviderBench;
  readonly fal: RemoteProvider;
  /** a second adapter over the same folder and uploads, as after a restart */
  again(): RemoteProvider;
  still(prompt: string, given?: Partial<GenerationRequest>): GenerationRequest;
  clip(prompt: string, given?: Partial<GenerationRequest>): Promise<GenerationRequest>;
  /** uploads, then submits */
  submit(request: GenerationRequest, attemptId?: string): Promise<ProviderJob>;
  /** polls until there is an answer */
  pollToEnd(job: ProviderJob): Promise<PollAnswer>;
  fetchTo(job: ProviderJob, name: string): Promise<{ path: string; extension: string; costMicroUsd: number }>;
  /** moves the simulator's clock and ours */
  advance(ms: number): Promise<void>;
  billOf(prompt: string): Promise<BillRow[]>;
  key: string | null;
  close(): Promise<void>;
}

export async function openFalWorld(): Promise<FalWorld> {
  const sim = await openSimulatorWorld();
  let offsetMs = 0;
  let key: string | null = simulatorKey;
  const given: Partial<ProviderTools> = {
    key: () => key,
    baseUrl: (part) => sim.simulator.urls.fal[part as 'queue' | 'rest' | 'api'],
    now: () => new Date(Date.now() + offsetMs),
  };
  const bench = await openProviderBench('', given);
  const fal = createFalProvider(bench.tools);
  const world: FalWorld = {
    ...{ sim, bench, fal },
    again: () => createFalProvider(bench.tools),
    still: (prompt, more = {}) =>
      stillRequest({
        ...{ provider: 'fal', endpoint: 'fal-ai/nano-banana-pro', params: { resolution: '1K' }, seed: 7, prompt },
        ...more,
      }),
    async clip(prompt, more = {}) {
      const startFrame = await bench.picture(`${prompt.length}.png`, { width: 180, height: 320 });
      const params = { resolution: '720p', generate_audio: true };
      const endpoint = 'bytedance/seedance-2.0/image-to-video';
      return clipRequest({ provider: 'fal', endpoint, params, prompt, startFrame, ...more });
    },
    async submit(request, attemptId = `a-${request.prompt}`) {
      const inputs = await fal.upload(request, never);
      const reservation = reservationOf(attemptId, fal.estimate(request) ?? 0);
      return fal.submit(request, { reservation, inputs }, never);
    },
    async pollToEnd(job) {
      for (let turn = 0; turn < 20; turn++) {
        const answer = await fal.poll(job, never);
        if (answer.kind !== 'pending') return answer;
      }
      throw new Error('The job does not end.');
    },
    async fetchTo(job, name) {
      const path = join(bench.folder, name);
      return { path, ...(await fal.fetchResult(job, path, never)) };
    },
    async advance(ms) {
      await sim.simulator.advanceClock(ms);
      offsetMs += ms;
    },
    billOf: async (prompt) => (await sim.simulator.bill()).filter((row) => row.prompt.startsWith(prompt)),
    get key() {
      return key;
    },
    set key(next) {
      key = next;
    },
    async close() {
      await sim.close();
      await bench.close();
    },
  };
  return world;
}

/** What was thrown. */
export function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('It should have thrown.')),
    (error: unknown) => error,
  );
}
