/**
 * Every expected failure has one of these codes. The contract carries the code, a sentence for people, a hint and
 * whether trying again can help; anything without a code is a bug and says only that the log has the details.
 */
import { z } from 'zod';

export const appErrorStatuses = {
  'input.invalid': 400,
  'session.refused': 401,
  'project.not-found': 404,
  'project.not-open': 409,
  'project.invalid': 422,
  'project.in-use': 423,
  'project.unreadable': 500,
  'plan.invalid': 422,
  'store.from-the-future': 409,
  'store.corrupt': 500,
  'state.illegal-move': 409,
  'state.stale': 409,
  'shot.not-found': 404,
  'take.not-found': 404,
  'take.protected': 409,
  'review.nothing-to-undo': 409,
  'review.too-late': 409,
  'attempt.not-found': 404,
  'batch.not-found': 404,
  'batch.already-active': 409,
  'batch.nothing-to-run': 422,
  'batch.wrong-status': 409,
  'budget.exhausted': 402,
  'budget.unknown-price': 422,
  'ref.refused': 422,
  'ref.missing': 422,
  'ref.duplicate': 409,
  'upload.not-found': 404,
  'upload.too-large': 413,
  'provider.unknown': 422,
  'provider.refused': 502,
  'workflow.not-found': 404,
  'media.ffmpeg-missing': 503,
  'media.ffmpeg-failed': 500,
  'media.unreadable': 422,
  'media.not-ready': 404,
  'file.missing': 404,
  'file.changed': 409,
  'file.unreadable': 500,
  'path.outside-project': 403,
  'rehearsal.unavailable': 503,
  'disk.full': 507,
  'shutting-down': 503,
} as const;

export type AppErrorCode = keyof typeof appErrorStatuses;
export const appErrorCodes = Object.keys(appErrorStatuses) as AppErrorCode[];

/** What a client gets beside the code and the message. */
export const appErrorDataSchema = z.object({ hint: z.string().nullable(), retry: z.boolean() });
export type AppErrorData = z.infer<typeof appErrorDataSchema>;

/** The error map that every procedure of the contract declares. */
export const contractErrors = Object.fromEntries(
  appErrorCodes.map((code) => [code, { status: appErrorStatuses[code], data: appErrorDataSchema }]),
) as { [code in AppErrorCode]: { status: (typeof appErrorStatuses)[code]; data: typeof appErrorDataSchema } };
