import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { Repair } from '../../supervisor/plan-repair.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { InputUrls, ProviderAdapter } from '../ports/provider.ts';
import { missingStrength } from './arrange-refs.ts';
import { type ComposeDeps, type Composed, type ComposeOrder, composeRequest } from './compose-request.ts';

export interface Repaired {
  composed: Composed;
  /** what is different, and what could not be made so; sentences for people */
  change: string;
  isChanged: boolean;
}

interface RepairOrder {
  compose: ComposeOrder;
  /** as it was sent the last time */
  last: GenerationRequest;
  repair: Repair;
}

/**
 * The request with its repair. Only what reaches the engine counts as a change: a seed it does not take or a clause that its
 * payload leaves out is said not to be one.
 */
export function repairRequest(deps: ComposeDeps, order: RepairOrder): Repaired {
  const { compose, last, repair } = order;
  const seed = repair.seed === 'same' ? (last.seed ?? compose.seed) : compose.seed;
  const composed = composeRequest(deps, { ...compose, seed, decided: repair.workflowId, focus: repair.focus });
  if (composed.kind === 'refused') return { composed, change: '', isChanged: false };
  const { adapter } = composed;
  const worded = withClauses(composed.request, repair.negative);
  const takesClauses = !samePayload(adapter, composed.request, worded) && adapter.refusal(worded) === null;
  const request = takesClauses ? worded : composed.request;
  const changes = changesOf(deps, last, request, repair);
  const without = [
    repair.seed === 'new' && request.seed === null ? 'this engine takes no seed and varies by itself' : '',
    repair.negative.length > 0 && !takesClauses ? 'it cannot be told what to leave out' : '',
    ...strengthMissing(deps, order),
  ].filter(Boolean);
  const same = `The same request${without.length > 0 ? '' : ': the engine was at fault, not the picture'}`;
  const note = without.length > 0 ? `${without.join('; ')}.` : '';
  const change = changes.length > 0 ? [...changes, capital(note)].filter(Boolean).join(' ') : joinSame(same, note);
  return { composed: { ...composed, request }, change, isChanged: changes.length > 0 };
}

function changesOf(deps: ComposeDeps, last: GenerationRequest, next: GenerationRequest, repair: Repair): string[] {
  const changes: string[] = [];
  if (next.workflowId !== last.workflowId) {
    const title = (id: string) => deps.workflows.find(id)?.title ?? id;
    changes.push(`Fallback from ${title(last.workflowId)} to ${title(next.workflowId)}.`);
  }
  if (next.prompt !== last.prompt) changes.push('The plan’s new prompt.');
  if (next.seed !== null && next.seed !== last.seed) changes.push('A new seed.');
  if (canonicalJson(next.refs) !== canonicalJson(last.refs)) {
    const who = repair.focus?.characters.join(', ');
    changes.push(who ? `The references of ${who} lead.` : 'Other references.');
  }
  const clauses = next.negativePrompt.slice(last.negativePrompt.length).replace(/^, /, '');
  if (next.negativePrompt !== last.negativePrompt) changes.push(`Added to the negative prompt: ${clauses}.`);
  return changes;
}

/** The plan's own words stay as they are; clauses that they have already are left out. */
function withClauses(request: GenerationRequest, clauses: readonly string[]): GenerationRequest {
  const given = request.negativePrompt.toLowerCase();
  const added = clauses.filter((clause) => !given.includes(clause.toLowerCase()));
  return { ...request, negativePrompt: [request.negativePrompt, ...added].filter(Boolean).join(', ') };
}

function strengthMissing(deps: ComposeDeps, { compose, repair }: RepairOrder): string[] {
  const { plan } = compose.shot;
  if (!repair.focus) return [];
  if (repair.focus.characters.length === 0) return ['the shot names no character whose references could lead'];
  const resolved = deps.resolveRefs(plan, compose.phase === 'video' ? 'video' : 'board');
  return missingStrength(resolved, { shot: plan, focus: repair.focus }).map((slot) => `${slot} is not promoted`);
}

/** Whether an engine would be told the same; what cannot be laid out without the files counts as the same. */
function samePayload(adapter: ProviderAdapter, a: GenerationRequest, b: GenerationRequest): boolean {
  try {
    return canonicalJson(adapter.payload(a, standIns(a))) === canonicalJson(adapter.payload(b, standIns(b)));
  } catch {
    return true;
  }
}

/** Stand for files that have not been uploaded, as engines that take bytes want them: equal for equal bytes. */
function standIns(request: GenerationRequest): InputUrls {
  const sent = request.startFrame ? [...request.refs, request.startFrame] : request.refs;
  return new Map(sent.map(({ hash }) => [hash, `data:image/png;base64,${Buffer.from(hash).toString('base64')}`]));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function joinSame(same: string, note: string): string {
  return note ? `${same}: ${note}` : `${same}.`;
}
