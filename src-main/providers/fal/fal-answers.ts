/** What fal says: the queue's three states, two kinds of error bodies, its own list of requests and of bills. */
import { z } from 'zod';
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import { parseJson } from '../../platform/parse-json.ts';
import type { ProviderHttpError } from '../http/http-errors.ts';
import { failureOf } from '../http/read-errors.ts';

export const submittedSchema = z.object({
  request_id: z.string().min(1),
  status_url: z.string(),
  response_url: z.string(),
  cancel_url: z.string(),
});

/** A request that failed or was cancelled is COMPLETED too; `error` then says why. */
export const statusSchema = z.object({
  status: z.enum(['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED']),
  error: z.string().nullish(),
  error_type: z.string().nullish(),
});
export type FalStatus = z.infer<typeof statusSchema>;

const fileSchema = z.object({ url: z.url() });
const outputSchema = z.union([
  z.object({ video: fileSchema }).transform(({ video }) => video),
  z
    .object({ images: z.array(fileSchema).min(1) })
    .transform(({ images }) => images[0])
    .pipe(fileSchema),
]);

export const listedRequestSchema = z.object({
  request_id: z.string().min(1),
  /** null when it is no time */
  sent_at: z
    .string()
    .nullish()
    .transform((text) => (text && !Number.isNaN(Date.parse(text)) ? text : null)),
  status_code: z.number().int().nullish(),
  duration: z.number().nullish(),
  json_input: z.unknown().optional(),
  json_output: z.unknown().optional(),
});
export type ListedRequest = z.infer<typeof listedRequestSchema>;
const page = { next_cursor: z.string().nullish(), has_more: z.boolean().default(false) };
export const requestsPageSchema = z.object({ items: z.array(listedRequestSchema), ...page });

const billingEventSchema = z.object({ request_id: z.string(), cost_estimate_nano_usd: z.number().nonnegative() });
export const billingPageSchema = z.object({ billing_events: z.array(billingEventSchema), ...page });

const modelErrorsSchema = z.object({
  detail: z.array(z.object({ msg: z.string().default(''), type: z.string() })).min(1),
});
const requestErrorSchema = z.object({ detail: z.string(), error_type: z.string().nullish() });

/** What an error body says: fal's own words for it, and a sentence. */
export interface FalComplaint {
  types: readonly string[];
  message: string;
}

/** Reads both kinds of error bodies; null for anything else. */
export function complaintIn(body: unknown): FalComplaint | null {
  const model = modelErrorsSchema.safeParse(body);
  if (model.success) {
    const { detail } = model.data;
    return { types: detail.map(({ type }) => type), message: [...new Set(detail.map(({ msg }) => msg))].join(' ') };
  }
  const request = requestErrorSchema.safeParse(body);
  if (!request.success) return null;
  const { detail, error_type } = request.data;
  return { types: error_type ? [error_type] : [], message: detail };
}

/** fal could not read a file of ours: its address is of no use any more. */
export const unreadableInput = 'file_download_error';

const timeouts = new Set(['request_timeout', 'startup_timeout']);

/** What a complaint means; null where its words are not known and the status has to tell. */
export function failureOfComplaint({ types, message }: FalComplaint): AttemptFailure | null {
  const said = `fal: ${message || types.join(', ')}`;
  if (types.includes('content_policy_violation')) return failureOf('content_filter', 'rejected_request', said);
  if (types.includes(unreadableInput)) return failureOf('transient', 'server', said);
  if (types.some((type) => timeouts.has(type))) return failureOf('transient', 'timeout', said);
  if (types.some((type) => type.startsWith('runner_') || type.startsWith('internal'))) {
    return failureOf('transient', 'server', said);
  }
  if (types.some((type) => type.startsWith('client_'))) return failureOf('permanent', 'cancelled', said);
  if (/\b(exhausted balance|insufficient (balance|funds|credits)|reason: top_?up)\b/i.test(message)) {
    return failureOf('budget', 'account', said);
  }
  return null;
}

/** What an answer with an error status means where its body says more than the status. */
export function refineFal(error: ProviderHttpError): AttemptFailure | null {
  const complaint = complaintIn(error.json());
  return complaint && failureOfComplaint(complaint);
}

/** Why a request that ran (or was refused by its model) brought nothing. */
export function failureOfResult(status: number, complaint: FalComplaint | null): AttemptFailure {
  const known = complaint && failureOfComplaint(complaint);
  if (known) return known;
  const message = `fal: ${complaint?.message || `the model answered ${status} without a reason`}`;
  return status >= 500
    ? failureOf('transient', status === 504 ? 'timeout' : 'server', message)
    : failureOf('permanent', 'rejected_request', message);
}

/** The file of a result; null when there is none in it. */
export function fileIn(text: string): { url: string } | null {
  return outputSchema.safeParse(parseJson(text)).data ?? null;
}
