/** What an engine must be told in words because it has no field for it: what to avoid, and who is on which picture. */
import type { GenerationRequest } from '../../src-shared/domain/attempt.ts';
import type { RefUsed } from '../../src-shared/domain/provenance.ts';

export interface PromptParts {
  /** false where the engine has a field for the negative prompt */
  sayAvoid: boolean;
  /** pictures that go along as a list, in that order */
  pictures: readonly RefUsed[];
  /** how the engine names the nth of them; "Image 1" when absent */
  nameOf?: (n: number) => string;
}

const plainName = (n: number) => `Image ${n}`;

/** The prompt as it is sent. */
export function promptText(
  request: GenerationRequest,
  { sayAvoid, pictures, nameOf = plainName }: PromptParts,
): string {
  const avoid = sayAvoid && request.negativePrompt ? [`Avoid: ${request.negativePrompt}`] : [];
  const legend = pictures.map((ref, index) => `${nameOf(index + 1)} ${shows(ref)}.`);
  return [request.prompt, ...avoid, ...(legend.length > 0 ? [legend.join(' ')] : [])].join('\n');
}

/** Why the words of a request cannot be sent; null when they can. `prompt`: with all that goes into it. */
export function promptRefusal(
  request: GenerationRequest,
  { prompt, maxChars, title }: { prompt: string; maxChars: number; title: string },
): string | null {
  if (request.prompt.trim() === '') return 'The prompt is empty.';
  if (prompt.length <= maxChars) return null;
  return `The prompt has ${prompt.length} characters with all that goes into it; ${title} takes ${maxChars}.`;
}

/** "char:mara:identity/front" → "shows mara (identity/front)". */
function shows({ role }: RefUsed): string {
  if (role === 'start_frame') return 'is the opening frame';
  const [, subject, view] = role.split(':');
  if (!subject) return `shows ${role}`;
  return view ? `shows ${subject} (${view})` : `shows ${subject}`;
}
