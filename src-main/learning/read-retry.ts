/**
 * How repeats end. One begins when its phase leaves the queue of repeats and ends when the phase leaves the stations: each
 * that began ends on record, also those that were overtaken or that stopped the phase for good.
 */
import type { Attempt, GenerationRequest } from '../../src-shared/domain/attempt.ts';
import type { EventBody } from '../../src-shared/domain/journal.ts';
import type { LearningEvent } from '../../src-shared/domain/learning.ts';
import { isInFlight } from '../../src-shared/domain/production-state.ts';
import { canonicalJson } from '../orchestrator/canonical-json.ts';
import type { LearningWorld } from './learning-world.ts';
import type { PhaseMemory, Retry } from './phase-memory.ts';

type Move = Extract<EventBody, { type: 'station_transition' }>;

/** The repeat that a move takes out of the queue; null when it takes none. */
export function retryBegunBy(move: Move, seq: number, memory: PhaseMemory): Retry | null {
  if (move.cause !== 'retry-started') return null;
  const { fault, attempt } = memory;
  // An attempt that stands where it stood is asked about once more: its provider could not be reached.
  const own = fault !== null && (attempt === null || fault.attemptId === attempt.id) ? fault : null;
  const before = own?.attemptId ?? attempt?.id ?? null;
  return { seq, category: own?.category ?? 'transient', number: move.shotPhase.remediationCount, before };
}

/** Whether a move ends a repeat. One after a provider's fault ends when the take arrives: what the gates say is another matter. */
export function endsRetry(move: Move, retry: Retry): boolean {
  if (move.cause === 'annotated') return false;
  if (retry.category === 'transient' && move.cause === 'take-arrived') return true;
  return !isInFlight(move.shotPhase.state);
}

/** What a repeat came to: true, false, or null when it was not carried through. */
export function outcomeOf(move: Move, retry: Retry, memory: PhaseMemory): boolean | null {
  const lost = memory.fault !== null && memory.fault.attemptId !== retry.before ? memory.fault : null;
  switch (move.cause) {
    case 'take-arrived':
    case 'audit-passed':
    case 'audit-needs-eyes':
      return true;
    case 'approved':
      // Autonomy approves at the end of the audit; a person may approve an older take at any time.
      return move.from === 'auditing' ? true : null;
    case 'audit-rejected':
      return false;
    case 'retry-planned':
      if (retry.category === 'transient') return false;
      // A remedy that a provider's fault cut off was not tried.
      return lost?.category === 'transient' || isStillOut(memory) ? null : false;
    case 'retries-exhausted':
      return move.from === 'binding' ? null : false;
    case 'attempt-lost':
      return false;
    default:
      return null;
  }
}

/** The provider has the work, or may have it, and could not be asked. */
function isStillOut({ attempt }: PhaseMemory): boolean {
  return attempt !== null && attempt.state !== 'failed' && attempt.state !== 'settled' && attempt.state !== 'intent';
}

/** The recorded end of a repeat. */
export function retryEvent(
  at: string,
  ended: { move: Move; retry: Retry; memory: PhaseMemory },
  world: LearningWorld,
): LearningEvent {
  const { move, retry, memory } = ended;
  const before = retry.before === null ? null : world.attempt(retry.before);
  const after = memory.attempt === null ? null : world.attempt(memory.attempt.id);
  return {
    kind: 'retry',
    line: {
      ...{ id: `retry:${retry.seq}`, timestamp: at, project: world.project, shot_id: move.shotPhase.shotId },
      failure_category: retry.category,
      retry_number: retry.number,
      succeeded: outcomeOf(move, retry, memory),
      fix_applied: fixBetween(before, after),
    },
  };
}

const parts: [string, (request: GenerationRequest) => unknown][] = [
  ['engine', (request) => [request.provider, request.model, request.endpoint]],
  ['prompt', (request) => [request.prompt, request.negativePrompt]],
  ['references', (request) => [request.refs, request.startFrame].map((ref) => canonicalJson(ref))],
  ['parameters', (request) => canonicalJson(request.params)],
  ['seed', (request) => request.seed],
];

/** What the repeat really changed, read from the two requests. */
function fixBetween(before: Attempt | null, after: Attempt | null): string {
  if (!before || !after || before.id === after.id) return 'the same request';
  const changed = parts.filter(([, of]) => canonicalJson(of(before.request)) !== canonicalJson(of(after.request)));
  return changed.length === 0 ? 'the same request' : `new ${changed.map(([name]) => name).join(', ')}`;
}
