/** What every paid engine checks of a request before anything is spent: key, parameters, length of the clip. */
import type { z } from 'zod';
import type { GenerationRequest } from '../../src-shared/domain/attempt.ts';
import type { EndpointCapabilities, InputUrls } from '../orchestrator/ports/provider.ts';
import { NotSentError } from './http/http-errors.ts';
import { inputsOf } from './http/input-files.ts';
import { failureOf, noKeyMessage } from './http/read-errors.ts';

export interface RequestCheck {
  /** the provider as people read it */
  title: string;
  endpoint: { capabilities: EndpointCapabilities; params: z.ZodType } | null;
  hasKey: boolean;
}

/** Why a request cannot be sent, as a sentence; null when none of this speaks against it. */
export function refusalOf(request: GenerationRequest, { title, endpoint, hasKey }: RequestCheck): string | null {
  if (!hasKey) return noKeyMessage(title);
  if (!endpoint) return `${title} has no ${request.endpoint}.`;
  const params = endpoint.params.safeParse(request.params);
  if (!params.success) return issueRefusal(params.error, title);
  if (request.seed !== null && !endpoint.capabilities.seedSupported) return `${title} takes no seed here.`;
  return refsRefusal(request, title, endpoint.capabilities) ?? lengthRefusal(request, title, endpoint.capabilities);
}

/** What a strict schema says against a request, as sentences. */
export function issueRefusal({ issues: [issue] }: z.ZodError, title: string): string {
  const change = 'Change the workflow or take another engine.';
  if (!issue) return `The request does not fit ${title}. ${change}`;
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return `${title} has no ${issue.keys.map((key) => `“${[...issue.path, key].join('.')}”`).join(', ')} here. ${change}`;
  }
  if (issue.code === 'invalid_value') return `${title} takes ${issue.values.join(', ')} as “${field}” here. ${change}`;
  if (issue.code === 'too_big' || issue.code === 'too_small') {
    const [word, limit] = issue.code === 'too_big' ? ['most', issue.maximum] : ['least', issue.minimum];
    return `${title} takes ${limit} at ${word} as “${field}” here. ${change}`;
  }
  return `${title} needs “${field}” here, in another form than it has. ${change}`;
}

function refsRefusal({ refs }: GenerationRequest, title: string, { maxRefs }: EndpointCapabilities): string | null {
  return refs.length <= maxRefs ? null : tooManyRefs(refs.length, maxRefs, title);
}

/** What is said of a request with more pictures than the engine takes. */
export function tooManyRefs(count: number, maxRefs: number, title: string): string {
  return `The shot sends ${count} reference pictures; ${title} takes ${maxRefs} here.`;
}

/** What is said of a request without pictures to an engine that works from some. */
export function noRefs(title: string): string {
  return `${title} works from reference pictures here; the shot has none. Promote some in Refs.`;
}

function lengthRefusal(
  { output }: GenerationRequest,
  title: string,
  { durationsSeconds: lengths }: EndpointCapabilities,
): string | null {
  if (lengths === null || output.durationSeconds === null || lengths.includes(output.durationSeconds)) return null;
  return `${title} makes clips of ${lengths.join(', ')} s here; this one is to last ${output.durationSeconds} s.`;
}

/**
 * Refuses a submit, before anything is sent, whose files are not with the provider or that lacks the frame it starts from.
 * An estimate may lack both, so `refusal` cannot.
 */
export function requireInputs(
  request: GenerationRequest,
  inputs: InputUrls,
  { title, needsStartFrame }: { title: string; needsStartFrame: boolean },
): void {
  const refuse = (message: string) => new NotSentError(failureOf('permanent', 'rejected_request', message));
  if (needsStartFrame && !request.startFrame)
    throw refuse(`${title} makes clips from a picture here; there is none. Approve a keyframe first.`);
  const missing = inputsOf(request).find(({ hash }) => !inputs.has(hash));
  if (missing) throw refuse(`“${missing.path}” is not with ${title}. Try it again: it is sent anew.`);
}

/** Whole seconds from `first` to `last`. */
export function wholeSeconds(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
