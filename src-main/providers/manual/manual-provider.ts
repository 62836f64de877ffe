/**
 * The provider that is a person. An order is nothing but its attempt: the job carries what is wanted, and stays with the
 * person until they deliver a file, which is kept under the job and then goes the way of any other result.
 */
import { basename, extname } from 'node:path';
import { z } from 'zod';
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import { priceOf } from '../../../src-shared/domain/price.ts';
import type { EndpointCapabilities, ProviderAdapter, ProviderJob } from '../../orchestrator/ports/provider.ts';
import { AppError } from '../../platform/app-error.ts';
import { failureOf } from '../http/read-errors.ts';
import { jobIdOf, KeptResults } from '../kept-results.ts';
import type { ProviderTools } from '../provider-definition.ts';

const made = { seedSupported: false, maxPromptChars: 10_000, maxRefs: 64, durationsSeconds: null };
const endpoints: Readonly<Record<string, EndpointCapabilities>> = {
  'manual/still': { ...made, modality: 'i2i', phases: ['previs', 'keyframe'] },
  'manual/clip': { ...made, modality: 'i2v', phases: ['video'], sound: 'none' },
};

const orderSchema = z.object({ message: z.string() });
/** What a job carries: the sentence that asks the person. */
type Order = z.infer<typeof orderSchema>;

/** An adapter to which files are delivered. */
export interface ManualProvider extends ProviderAdapter {
  deliver: NonNullable<ProviderAdapter['deliver']>;
}

/** Makes the adapter of the person. */
export function createManualProvider({
  prices,
  jobsFolder,
}: Pick<ProviderTools, 'prices' | 'jobsFolder'>): ManualProvider {
  const results = new KeptResults(jobsFolder);
  return {
    name: 'manual',
    capabilities: {
      ...{ reconcile: 'byId', freeCancel: 'any' },
      // an order that was being written when the app ended stands: it costs nothing
      ...{ reconcileGraceMs: 0, resultTtlMs: null, concurrency: 1000 },
    },
    endpoint: findEndpoint,
    estimate: (request) => priceOf(prices, request),
    refusal({ endpoint, params }) {
      if (!findEndpoint(endpoint)) return `Nobody makes ${endpoint} by hand.`;
      const names = Object.keys(params);
      return names.length === 0 ? null : `A person takes no parameters: ${names.join(', ')}.`;
    },
    payload: (request) => ({ method: 'local', url: request.endpoint, body: request }),
    /** The files are here already. */
    upload: async () => new Map(),
    async submit(request, { reservation }, signal) {
      signal.throwIfAborted();
      return orderFor(reservation.attemptId, request);
    },
    /** Nobody was asked yet. */
    readSubmitError: (error) => ({ kind: 'not-sent', failure: readDiskError(error) }),
    async poll(job, signal) {
      signal.throwIfAborted();
      if ((await results.find(job.id)) !== null) return { kind: 'done' };
      return { kind: 'with-person', message: orderSchema.parse(job.data).message };
    },
    async fetchResult(job, temporaryPath, signal) {
      signal.throwIfAborted();
      const extension = await results.placeAt(job.id, temporaryPath);
      if (extension !== null) return { extension, costMicroUsd: 0 };
      throw new AppError({ code: 'file.missing', message: 'The delivered file is gone.', hint: 'Deliver it again.' });
    },
    readFetchError: readDiskError,
    /** Nobody is asked for it any more, and nothing of it is kept. */
    async cancel(job) {
      await results.remove(job.id);
      return { kind: 'asked' };
    },
    reconcile: async ({ id, request }) => ({ kind: 'found', job: orderFor(id, request) }),
    /** Takes a file that has been looked at, durably. The file itself stays where it is; a second one replaces the first. */
    async deliver(job, filePath) {
      const extension = extname(filePath).toLowerCase();
      if (/^\.[a-z0-9]{1,8}$/.test(extension)) return results.keepFile(job.id, extension, filePath);
      throw new AppError({
        code: 'input.invalid',
        message: `“${basename(filePath)}” has no ending that says what it is.`,
        hint: 'Give it the usual ending of its kind, for example .png or .mp4.',
      });
    },
  };
}

function findEndpoint(id: string): EndpointCapabilities | null {
  return Object.hasOwn(endpoints, id) ? (endpoints[id] ?? null) : null;
}

function readDiskError(error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  const full = error instanceof AppError && error.code === 'disk.full';
  return failureOf(full ? 'budget' : 'transient', 'disk', message);
}

function orderFor(attemptId: string, request: GenerationRequest): ProviderJob {
  const data: Order = { message: askFor(request) };
  return { id: jobIdOf('man', attemptId), data };
}

function askFor({ shotId, phase, output }: GenerationRequest): string {
  const seconds = output.durationSeconds === null ? '' : `, ${output.durationSeconds} s`;
  return `${shotId} waits for its ${phase} by hand: a ${output.kind} of ${output.width}×${output.height}${seconds}. Deliver the file from the shot.`;
}
