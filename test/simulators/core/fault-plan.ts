/** The fault plan: which submits, polls and downloads go wrong, how, and how often. Checked when it is read. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type ProviderName, providerNames } from './job.ts';
import { StartError } from './start-error.ts';

const serverStatus = z.union([z.literal(500), z.literal(502), z.literal(503), z.literal(504)]).default(500);

const provider = z.enum(providerNames).optional();
const matchSchema = z.strictObject({
  provider,
  /** a part of the endpoint's name */
  endpoint: z.string().min(1).optional(),
  /** a part of the prompt, for example a shot's marker */
  prompt: z.string().min(1).optional(),
  seed: z.number().int().optional(),
  /** the nth submit, from 1, of those that fit the rest */
  nth: z.number().int().positive().optional(),
});
type Match = z.infer<typeof matchSchema>;

const base = {
  /** hits are counted under this name, also over a restart */
  id: z.string().min(1),
  /** all that is named must fit */
  match: matchSchema.default({}),
  /** how many it hits */
  times: z.union([z.number().int().positive(), z.literal('always')]).default(1),
};

const faultSchema = z.discriminatedUnion('kind', [
  // At the submit.
  z.strictObject({ ...base, kind: z.literal('accept-then-drop') }),
  z.strictObject({ ...base, kind: z.literal('accept-then-500'), status: serverStatus }),
  z.strictObject({ ...base, kind: z.literal('drop-unaccepted') }),
  z.strictObject({ ...base, kind: z.literal('reject-500-unbilled'), status: serverStatus }),
  z.strictObject({ ...base, kind: z.literal('insufficient-funds') }),
  z.strictObject({ ...base, kind: z.literal('bad-request'), message: z.string().default('The input is not valid.') }),
  z.strictObject({ ...base, kind: z.literal('unauthorized') }),
  z.strictObject({
    ...base,
    kind: z.literal('content-policy'),
    /** `result`: the job is accepted and ends with it */
    at: z.enum(['submit', 'result']).default('submit'),
    billed: z.boolean().default(false),
  }),
  // Anywhere.
  z.strictObject({
    ...base,
    kind: z.literal('slow-headers'),
    delayMs: z.number().int().positive(),
    on: z.enum(['submit', 'status', 'download']).default('submit'),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('rate-limit'),
    /** null = without a Retry-After */
    retryAfterSeconds: z.number().int().positive().nullable().default(null),
    on: z.enum(['submit', 'status', 'download']).default('submit'),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('gateway-error'),
    /** a call is no submit yet: only whose it is can be told */
    match: z.strictObject({ provider }).default({}),
    /** a part of the path of the calls that it hits, for example by-endpoint */
    path: z.string().min(1),
    /** null = the line is cut */
    status: z
      .union([z.literal(502), z.literal(503), z.literal(504)])
      .nullable()
      .default(null),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('revoked-key'),
    match: z.strictObject({ provider }).default({}),
    /** a part of the path of the calls that it hits; every call when absent */
    path: z.string().default(''),
  }),
  // While it is polled.
  z.strictObject({ ...base, kind: z.literal('unknown-id') }),
  z.strictObject({ ...base, kind: z.literal('cut-status') }),
  z.strictObject({ ...base, kind: z.literal('status-500'), status: serverStatus }),
  // How the job ends.
  z.strictObject({
    ...base,
    kind: z.literal('failed-job'),
    cause: z.enum(['server', 'input']).default('server'),
    /** the provider's own word, for example an error_type of fal */
    code: z.string().nullable().default(null),
    billed: z.boolean().default(false),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('soft-failure'),
    /** `submit`: the answer to the submit says so, with HTTP 200 where the provider does that */
    at: z.enum(['submit', 'result']).default('result'),
    /** the provider's own word, for example NO_IMAGE or 1301 */
    code: z.string().nullable().default(null),
    billed: z.boolean().default(false),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('late-result'),
    extraPolls: z.number().int().nonnegative().default(5),
    extraMs: z.number().int().nonnegative().default(0),
  }),
  z.strictObject({ ...base, kind: z.literal('duplicate-result') }),
  z.strictObject({ ...base, kind: z.literal('large-result') }),
  z.strictObject({ ...base, kind: z.literal('cost-differs'), factor: z.number().nonnegative() }),
  z.strictObject({ ...base, kind: z.literal('cancel-too-late') }),
  z.strictObject({
    ...base,
    kind: z.literal('media-defect'),
    defect: z.enum(['black', 'frozen', 'wrong-aspect', 'silent', 'another-face', 'wrong-duration']),
  }),
  // At the download.
  z.strictObject({
    ...base,
    kind: z.literal('truncated-download'),
    /** true: half the bytes, ended in good order; false: the connection breaks off */
    clean: z.boolean().default(false),
  }),
  z.strictObject({ ...base, kind: z.literal('zero-byte-file') }),
  z.strictObject({ ...base, kind: z.literal('html-as-mp4') }),
  z.strictObject({ ...base, kind: z.literal('expired-url') }),
]);
export type Fault = z.infer<typeof faultSchema>;
export type FaultKind = Fault['kind'];
export const faultKinds: readonly FaultKind[] = faultSchema.options.map(({ shape }) => shape.kind.value);

const paceSchema = z.strictObject({
  /** status answers a job spends in the queue, and then running */
  queuePolls: z.number().int().nonnegative().default(1),
  runPolls: z.number().int().nonnegative().default(1),
  /** the least it takes on the clock */
  queueMs: z.number().int().nonnegative().default(0),
  runMs: z.number().int().nonnegative().default(0),
});

const settingsSchema = z.strictObject({
  pace: paceSchema.default(paceSchema.parse({})),
  /** how long a job takes to show up in a provider's own list */
  listingLagMs: z.number().int().nonnegative().default(0),
  /** what fal's list knows of: everything that came, or only what has ended */
  lists: z.enum(['all', 'ended']).default('all'),
  /** how long fal keeps a result of less than 10 KB; its own figure is an hour */
  resultTtlMs: z.number().int().positive().default(3_600_000),
  /** how long the urls of results work */
  fileTtlMs: z.number().int().positive().default(86_400_000),
  /** jobs that run at once per provider; more wait in the queue */
  concurrency: z.number().int().positive().nullable().default(null),
  /** where fal finds a bad input: at the submit, or when the runner reads it (then it shows in the result) */
  falValidates: z.enum(['submit', 'runner']).default('submit'),
  /** what results show: a test card, or the pictures that came with the request */
  pictures: z.enum(['card', 'inputs']).default('card'),
});

export const faultPlanSchema = z
  .strictObject({
    schema_version: z.literal('fault-plan.v1'),
    settings: settingsSchema.default(settingsSchema.parse({})),
    faults: z.array(faultSchema).default([]),
  })
  .refine(({ faults }) => new Set(faults.map(({ id }) => id)).size === faults.length, 'fault ids must differ');
export type FaultPlan = z.infer<typeof faultPlanSchema>;
/** What a test writes: everything with a default may be left out. */
export type FaultPlanInput = z.input<typeof faultPlanSchema>;

export const emptyPlan: FaultPlan = faultPlanSchema.parse({ schema_version: 'fault-plan.v1' });

/** Reads a plan from a file; a bad one is refused with the file and the field that is wrong. */
export function readFaultPlan(path: string): FaultPlan {
  const read = faultPlanSchema.safeParse(readJson(path));
  if (!read.success) throw new StartError(`${path} is no fault plan:\n${z.prettifyError(read.error)}`);
  return read.data;
}

function readJson(path: string): unknown {
  let step = 'cannot be read';
  try {
    const text = readFileSync(path, 'utf8');
    step = 'is not JSON';
    return JSON.parse(text);
  } catch (error) {
    throw new StartError(`${path} ${step}: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** What a fault is matched against. */
export interface FaultSubject {
  provider: ProviderName;
  endpoint: string;
  prompt: string;
  seed: number | null;
}

/** Whether a submit fits a fault, leaving aside which one in the row it is. */
export function fitsSubject({ match }: { match: Match }, subject: FaultSubject): boolean {
  return (
    (match.provider === undefined || match.provider === subject.provider) &&
    (match.endpoint === undefined || subject.endpoint.includes(match.endpoint)) &&
    (match.prompt === undefined || subject.prompt.includes(match.prompt)) &&
    (match.seed === undefined || match.seed === subject.seed)
  );
}

/** Whether a fault that fits also wants this submit's place in the row. */
export function fitsOrdinal(
  { id, match }: { id: string; match: Match },
  ordinals: Readonly<Record<string, number>>,
): boolean {
  return match.nth === undefined || ordinals[id] === match.nth;
}
