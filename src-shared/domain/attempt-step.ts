/**
 * What happened to an attempt, step by step: each state it reached, each answer of its provider, each act of a person. Rows
 * are only ever added, in the transaction of the change that they tell of.
 */
import { z } from 'zod';
import { attemptSchema } from './attempt.ts';
import { shotIdSchema } from './ids.ts';
import { phaseSchema } from './phase.ts';
import { gateNameSchema } from './verdict.ts';

/**
 * The states of the protocol, then what moves nothing: `waiting` (refused for now, sent later), `trouble` (a poll or download
 * went wrong), `asked` (what the provider lists), `reopened` (it lists what a doubt had ended without), a job being called off
 * (`cancel_wanted`, then what its provider said), and a person's acts: on a doubt, and `delivered`, a file made by hand.
 */
const attemptStepKinds = [
  'intent',
  'submitting',
  'submitted',
  'downloaded',
  'settled',
  'failed',
  'in_doubt',
  'waiting',
  'trouble',
  'asked',
  'reopened',
  'adopted',
  'released',
  'charged',
  'waited',
  'delivered',
  'cancel_wanted',
  'cancel_asked',
  'cancel_refused',
] as const;
const attemptStepKindSchema = z.enum(attemptStepKinds);
export type AttemptStepKind = z.infer<typeof attemptStepKindSchema>;

/** What a provider lists when it is asked about a submit in doubt; `trouble`: it could not be asked now. */
const doubtFindingSchema = z.enum(['found', 'several', 'absent', 'unsupported', 'trouble']);
export type DoubtFinding = z.infer<typeof doubtFindingSchema>;

/** One job of a provider's list that may be the one in doubt. */
const listedJobSchema = z.strictObject({
  id: z.string(),
  /** when the provider says it was sent; null when it does not say */
  at: z.string().nullable(),
  note: z.string(),
  /** what polling needs beside the id; never a secret */
  data: z.record(z.string(), z.json()),
});
export type ListedJob = z.infer<typeof listedJobSchema>;

export const attemptStepSchema = z.strictObject({
  seq: z.number().int().positive(),
  attemptId: z.string(),
  shotId: shotIdSchema,
  phase: phaseSchema,
  /** the attempt's number within its shot and phase */
  number: z.number().int().positive(),
  at: z.iso.datetime(),
  kind: attemptStepKindSchema,
  /** who did it; null = the app by itself */
  by: z.string().nullable(),
  note: z.string().nullable(),
  /** with `asked` alone */
  finding: doubtFindingSchema.nullable(),
  jobs: z.array(listedJobSchema),
});
export type AttemptStep = z.infer<typeof attemptStepSchema>;

/** A step that is about to be written down. */
export type NewAttemptStep = Pick<AttemptStep, 'attemptId' | 'kind' | 'by' | 'note'> &
  Partial<Pick<AttemptStep, 'finding' | 'jobs'>>;

/** What a person says of an attempt in doubt. None of them sends anything again. */
export const doubtAnswerSchema = z.discriminatedUnion('kind', [
  /** the provider has it under this id: it is polled */
  z.strictObject({ kind: z.literal('adopt'), jobId: z.string().trim().min(1).max(500) }),
  /** it was never charged: its money is free again */
  z.strictObject({ kind: z.literal('release') }),
  /** it was charged and brings nothing: its money is written off */
  z.strictObject({ kind: z.literal('charged') }),
  /** nobody can tell yet */
  z.strictObject({ kind: z.literal('wait') }),
]);
export type DoubtAnswer = z.infer<typeof doubtAnswerSchema>;

/** An attempt without its request: what lists and explanations need of it. */
export const attemptFactSchema = z.strictObject({
  ...attemptSchema.omit({
    request: true,
    requestSha256: true,
    priceVersion: true,
    providerJob: true,
    parentTakeId: true,
  }).shape,
  provider: z.string(),
  model: z.string(),
  /** how a person ended a doubt about it, unless its job came back after that; null when nobody had to */
  doubtEnd: z.enum(['released', 'charged', 'reopened']).nullable(),
  /** the gate that rejected its take; null when none did */
  refusal: z.strictObject({ gate: gateNameSchema, reason: z.string() }).nullable(),
});
export type AttemptFact = z.infer<typeof attemptFactSchema>;

/** A job that a provider listed, and the attempt that has it already; null when none has. */
const doubtJobSchema = z.strictObject({
  ...listedJobSchema.pick({ id: true, at: true, note: true }).shape,
  heldBy: attemptFactSchema.pick({ id: true, shotId: true, phase: true, number: true }).nullable(),
});
export type DoubtJob = z.infer<typeof doubtJobSchema>;

/** Something to settle: what was sent, what has been found out since, and whether its provider can be asked. */
export const doubtSchema = z.strictObject({
  attempt: attemptSchema,
  steps: z.array(attemptStepSchema),
  /** since when nobody knows */
  since: z.iso.datetime(),
  canAsk: z.boolean(),
  /** the line asks again by itself, at this time */
  askAgainAt: z.iso.datetime().nullable(),
  /** the newest answer of the provider; null when it has not been asked */
  listing: z
    .strictObject({
      finding: doubtFindingSchema,
      at: z.iso.datetime(),
      note: z.string().nullable(),
      jobs: z.array(doubtJobSchema),
    })
    .nullable(),
});
export type Doubt = z.infer<typeof doubtSchema>;

/** One line of a shot's log, for people. */
export const shotLogLineSchema = z.strictObject({
  seq: z.number().int().positive(),
  at: z.iso.datetime(),
  phase: phaseSchema.nullable(),
  text: z.string(),
  tone: z.enum(['plain', 'good', 'eyes', 'bad']),
});
export type ShotLogLine = z.infer<typeof shotLogLineSchema>;
