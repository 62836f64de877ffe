/**
 * An engine that is reached over the network. What is the same for all of them stands here: what is checked before money
 * moves, the one POST of a submit, how an answer is read. What is special about one is its dialect, one folder each.
 */
import type { z } from 'zod';
import type { GenerationRequest } from '../../src-shared/domain/attempt.ts';
import type { MicroUsd } from '../../src-shared/domain/money.ts';
import { priceOf } from '../../src-shared/domain/price.ts';
import type {
  EndpointCapabilities,
  InputUrls,
  ProviderAdapter,
  ProviderJob,
  ProviderPayload,
  ReservationToken,
} from '../orchestrator/ports/provider.ts';
import { aspectRefusal } from './aspect-ratio.ts';
import { refusalOf, requireInputs } from './check-request.ts';
import type { ApiCall } from './http/api-client.ts';
import { type Refine, readFetchError, readSubmitError } from './http/read-errors.ts';
import { tellFailure } from './http/tell-failure.ts';
import { jobAtPrice } from './priced-job.ts';
import { promptRefusal } from './prompt-text.ts';
import type { ProviderTools } from './provider-definition.ts';

/** One engine of a provider: what it can do, what a workflow may set, and the shapes it makes where it names them. */
export interface DialectEndpoint {
  readonly capabilities: EndpointCapabilities;
  readonly params: z.ZodType;
  readonly ratios?: readonly string[];
}

type AsItIs = 'name' | 'capabilities' | 'upload' | 'poll' | 'fetchResult' | 'reconcile';

/** What is special about a provider. */
export interface Dialect<Endpoint extends DialectEndpoint>
  extends Pick<ProviderAdapter, AsItIs>,
    Partial<Pick<ProviderAdapter, 'adopt' | 'cancel'>> {
  /** its name as people read it */
  readonly title: string;
  /** false for a machine of the user's own */
  readonly needsKey?: boolean;
  readonly endpoints: Readonly<Record<string, Endpoint>>;
  /** the words of a request as they go over the wire */
  promptOf(request: GenerationRequest, endpoint: Endpoint): string;
  /** what speaks against a request beside key, parameters, length, words and shape; a sentence, or null */
  refusal?(request: GenerationRequest, endpoint: Endpoint): string | null;
  /** the POST of a submit, without what marks the attempt */
  payload(
    request: GenerationRequest,
    endpoint: Endpoint,
    inputs: InputUrls,
  ): { url: string; body: Record<string, unknown> };
  /** fields by which the provider knows the attempt again */
  markOf?(attemptId: string): Record<string, unknown>;
  needsStartFrame?(request: GenerationRequest): boolean;
  /** sends the POST, once; answers when the job is known */
  readonly send: SendJob;
  /** what an error answer means where its body says more than its status */
  readonly refine: Refine;
}

/** The POST of a submit. */
export type SubmitCall = ApiCall & { body: { json: Record<string, unknown> } };
export type SendJob = (
  call: SubmitCall,
  order: { request: GenerationRequest; reservation: ReservationToken },
  signal: AbortSignal,
) => Promise<ProviderJob>;

/** An adapter whose submits are POSTs of JSON, and whose jobs a person can name. */
export interface RemoteProvider extends ProviderAdapter {
  payload(request: GenerationRequest, inputs: InputUrls): ProviderPayload & { body: Record<string, unknown> };
  adopt: NonNullable<ProviderAdapter['adopt']>;
}

/** Makes an adapter of a dialect. */
export function createRemoteProvider<Endpoint extends DialectEndpoint>(
  tools: Pick<ProviderTools, 'key' | 'prices' | 'onTrouble'>,
  dialect: Dialect<Endpoint>,
): RemoteProvider {
  const { title, refine, name, capabilities, upload, fetchResult, reconcile } = dialect;
  const find = (id: string) => (Object.hasOwn(dialect.endpoints, id) ? (dialect.endpoints[id] ?? null) : null);
  const payload = (request: GenerationRequest, inputs: InputUrls) => {
    const endpoint = find(request.endpoint);
    if (!endpoint) throw new Error(`${title} has no ${request.endpoint}`);
    return { method: 'POST' as const, ...dialect.payload(request, endpoint, inputs) };
  };
  return {
    ...{ name, capabilities, upload, fetchResult, reconcile, payload },
    ...(dialect.cancel ? { cancel: dialect.cancel } : {}),
    adopt: dialect.adopt ?? ((attempt, jobId) => jobAtPrice(jobId, attempt.reservedMicroUsd)),
    endpoint: (id) => find(id)?.capabilities ?? null,
    estimate: (request): MicroUsd | null => priceOf(tools.prices, request),
    refusal(request) {
      const endpoint = find(request.endpoint);
      const hasKey = dialect.needsKey === false || Boolean(tools.key());
      const refused = refusalOf(request, { title, endpoint, hasKey });
      return refused !== null || endpoint === null ? refused : refusalIn(dialect, request, endpoint);
    },
    async submit(request, { reservation, inputs }, signal) {
      const needsStartFrame = dialect.needsStartFrame?.(request) ?? false;
      requireInputs(request, inputs, { title, needsStartFrame });
      const { url, body } = payload(request, inputs);
      const json = { ...body, ...dialect.markOf?.(reservation.attemptId) };
      const call: SubmitCall = { purpose: 'submit', method: 'POST', url, body: { json } };
      return dialect.send(call, { request, reservation }, signal);
    },
    async poll(job, signal) {
      const answer = await dialect.poll(job, signal);
      return answer.kind === 'failed' ? { ...answer, failure: tellFailure(answer.failure, title) } : answer;
    },
    readSubmitError(error) {
      tools.onTrouble?.(error);
      return readSubmitError(error, { title, refine });
    },
    readFetchError(error) {
      tools.onTrouble?.(error);
      return readFetchError(error, { title, refine });
    },
  };
}

function refusalIn<Endpoint extends DialectEndpoint>(
  { title, promptOf, refusal }: Dialect<Endpoint>,
  request: GenerationRequest,
  endpoint: Endpoint,
): string | null {
  const prompt = promptOf(request, endpoint);
  return (
    refusal?.(request, endpoint) ??
    promptRefusal(request, { prompt, maxChars: endpoint.capabilities.maxPromptChars, title }) ??
    (endpoint.ratios ? aspectRefusal(request.output, endpoint.ratios, title) : null)
  );
}
