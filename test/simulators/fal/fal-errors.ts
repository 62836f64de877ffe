/** fal's two error bodies: a list of typed errors from the model, one sentence with an error_type from the platform. */
import type { z } from 'zod';
import type { Job } from '../core/job.ts';
import { json, type Reply } from '../core/reply.ts';
import { type InputIssue, type Refusal, retryAfter } from '../core/voice.ts';

/** An error of the platform. */
function requestError(status: number, errorType: string, detail: string): Reply {
  return json(status, { detail, error_type: errorType }, { 'x-fal-error-type': errorType });
}

/** An error of the model. */
export function modelError(issues: InputIssue[], input?: unknown): Reply {
  const detail = issues.map(({ loc, message, type }) => ({
    ...{ loc, msg: message, type, url: `https://docs.fal.ai/errors#${type}` },
    ...(input === undefined ? {} : { input }),
  }));
  return json(422, { detail }, { 'x-fal-retryable': 'false' });
}

/** What zod found, as fal's models say it. */
export function issuesOf(error: z.ZodError): InputIssue[] {
  return error.issues.flatMap((issue) => {
    const loc = ['body', ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        loc: [...loc, key],
        message: 'Extra inputs are not permitted',
        type: 'extra_forbidden',
      }));
    }
    const missing = issue.code === 'invalid_type' && issue.message.includes('undefined');
    const type = missing ? 'missing' : issue.code === 'invalid_type' ? `${issue.expected}_type` : 'value_error';
    return [{ loc, message: missing ? 'Field required' : issue.message, type }];
  });
}

/** How fal refuses. */
export function refuseAsFal(refusal: Refusal): Reply {
  switch (refusal.kind) {
    case 'server':
      return requestError(refusal.status, serverErrorType(refusal.status), 'The request could not be processed.');
    case 'rate-limit':
      return json(429, { detail: 'Too many requests' }, retryAfter(refusal.retryAfterSeconds));
    case 'policy':
    case 'soft':
      return modelError([policyIssue]);
    case 'funds':
      return json(403, {
        detail: 'User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.',
      });
    case 'unauthorized':
      return json(401, { detail: 'Authentication is required to access this application.' });
    case 'not-found':
      return json(404, { detail: 'Request not found' });
    case 'conflict':
      return json(409, { detail: refusal.message });
    case 'invalid':
      return modelError(refusal.issues);
  }
}

const policyIssue: InputIssue = {
  loc: ['body', 'prompt'],
  message: 'The content could not be processed because it contained material flagged by a content checker.',
  type: 'content_policy_violation',
};

const usualErrorType = 'runner_disconnected';

/** Whether the queue runs a request again that failed so: its runner could not be reached, broke off or took too long. */
export function isTriedAgain(errorType: string | null): boolean {
  return [503, 504].includes(statusOfErrorType(errorType ?? usualErrorType));
}

/** The result of a job that ended without one. */
export function failedResult(job: Job): Reply {
  const { state, effects } = job;
  if (state === 'cancelled') return requestError(499, 'client_cancelled', 'The request was cancelled.');
  switch (effects.failure?.kind) {
    case 'policy':
      return modelError([{ ...policyIssue, type: effects.failure.code ?? policyIssue.type }]);
    case 'input':
      return modelError([
        { loc: ['body'], message: effects.failure.message, type: effects.failure.code ?? 'value_error' },
      ]);
    default: {
      const errorType = effects.failure?.code ?? usualErrorType;
      return requestError(statusOfErrorType(errorType), errorType, effects.failure?.message ?? 'The job failed.');
    }
  }
}

/** What the status of an ended job says of its failure. */
export function failureWords(job: Job): { error: string; error_type: string } | null {
  if (job.state === 'succeeded') return null;
  const body = JSON.parse(Buffer.from(failedResult(job).body).toString('utf8')) as {
    detail: string | { msg: string; type: string }[];
    error_type?: string;
  };
  const [first] = Array.isArray(body.detail) ? body.detail : [];
  return first
    ? { error: first.msg, error_type: first.type }
    : { error: String(body.detail), error_type: body.error_type ?? 'internal_error' };
}

function statusOfErrorType(errorType: string): number {
  if (errorType === 'request_timeout' || errorType === 'startup_timeout') return 504;
  if (errorType === 'runner_incomplete_response') return 502;
  if (errorType === 'runner_server_error') return 500;
  return errorType.startsWith('runner_') ? 503 : 500;
}

function serverErrorType(status: number): string {
  if (status === 504) return 'request_timeout';
  return status === 503 ? 'runner_scheduling_failure' : 'internal_error';
}
