/** What every paid engine checks of a request before anything is spent: key, parameters, length of the clip. */
import { z } from 'zod';
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
  if (!params.success) return `The parameters do not fit ${title}: ${z.prettifyError(params.error)}`;
  if (request.seed !== null && !endpoint.capabilities.seedSupported) return `${title} takes no seed here.`;
  return lengthRefusal(request, title, endpoint.capabilities.durationsSeconds);
}

function lengthRefusal(
  { output }: GenerationRequest,
  title: string,
  lengths: EndpointCapabilities['durationsSeconds'],
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
  if (needsStartFrame && !request.startFrame) throw refuse(`${title} makes clips from a picture here; there is none.`);
  const missing = inputsOf(request).find(({ hash }) => !inputs.has(hash));
  if (missing) throw refuse(`“${missing.path}” is not with ${title}.`);
}

/** Whole seconds from `first` to `last`. */
export function wholeSeconds(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
