/** The journal of one shot as sentences for people, in the order in which things happened. Pure. */
import { attemptStepPhrases, phraseOfListing } from './attempt-phrases.ts';
import type { Attempt } from './domain/attempt.ts';
import type { AttemptStep, ShotLogLine } from './domain/attempt-step.ts';
import type { EventBody, JournalEvent } from './domain/journal.ts';
import { formatUsd } from './domain/money.ts';
import type { Review } from './domain/review.ts';
import type { Take } from './domain/take.ts';
import {
  gateNamePhrases,
  gateStatusPhrases,
  phraseOfPhase,
  rejectReasonPhrases,
  reviewActionPhrases,
} from './phrases.ts';

type Told = Pick<ShotLogLine, 'phase' | 'text' | 'tone'>;

/** One line for each event that a person would ask about; what only bookkeeping knows is left out. */
export function tellShotLog(events: readonly JournalEvent[]): ShotLogLine[] {
  const gates = new Map<string, Take['gateStatus']>();
  return events.flatMap(({ seq, at, body }) => {
    const told = tellEvent(body, gates);
    return told ? [{ seq, at, ...told }] : [];
  });
}

function tellEvent(body: EventBody, gates: Map<string, Take['gateStatus']>): Told | null {
  switch (body.type) {
    case 'station_transition':
      return body.cause === 'annotated' ? null : tellMove(body);
    case 'attempt_changed':
      return tellAttempt(body.attempt);
    case 'attempt_noted':
      return tellStep(body.step);
    case 'take_recorded':
      gates.set(body.take.id, body.take.gateStatus);
      return tellTake(body.take);
    case 'take_changed': {
      const before = gates.get(body.take.id) ?? null;
      gates.set(body.take.id, body.take.gateStatus);
      return body.take.gateStatus === before ? null : tellGates(body.take);
    }
    case 'review_recorded':
      return tellReview(body.review);
    default:
      return null;
  }
}

function tellMove({ shotPhase, cause }: Extract<EventBody, { type: 'station_transition' }>): Told {
  const { phase, state, reason } = shotPhase;
  const tone = state === 'halted' ? 'bad' : state === 'awaiting_operator' || state === 'remediating' ? 'eyes' : 'plain';
  const isGood = state === 'stabilized' && shotPhase.outcome === 'approved';
  const text = cause === 'undone' ? `Back to: ${phraseOfPhase(shotPhase)}` : phraseOfPhase(shotPhase);
  return { phase, text: reason === null ? `${text}.` : `${text}: ${reason}`, tone: isGood ? 'good' : tone };
}

function tellAttempt(attempt: Attempt): Told {
  const { phase, number, request, failure } = attempt;
  const line = (text: string, tone: Told['tone'] = 'plain'): Told => ({
    phase,
    text: `Attempt ${number} ${text}`,
    tone,
  });
  switch (attempt.state) {
    case 'intent': {
      const because = attempt.changeReason === null ? '' : `, because: ${sayReason(attempt.changeReason)}`;
      const held = `${formatUsd(attempt.reservedMicroUsd)} is reserved`;
      if (failure) return line(`was asked to wait by ${request.provider}: ${failure.message}`, 'eyes');
      return line(`was recorded for ${request.model}; ${held}${because}.`);
    }
    case 'submitting':
      return line(`is being sent to ${request.provider}.`);
    case 'submitted':
      return line(`is with ${request.provider} as job ${attempt.providerJobId ?? 'without an id'}.`);
    case 'downloaded':
      return line('has its file in place.');
    case 'settled':
      return line(`was settled for ${formatUsd(attempt.actualMicroUsd ?? 0)}.`, 'good');
    case 'failed': {
      const billed = formatUsd(attempt.actualMicroUsd ?? 0);
      return line(`brought no take (billed ${billed}): ${failure?.message ?? 'no reason was given'}`, 'bad');
    }
    case 'in_doubt': {
      const held = formatUsd(attempt.reservedMicroUsd);
      return line(`is in doubt, ${held} is held: ${failure?.message ?? 'no reason was given'}`, 'eyes');
    }
  }
}

function tellStep(step: AttemptStep): Told {
  const who = step.by === null ? 'the line' : step.by;
  const detail = step.kind === 'asked' ? phraseOfListing(step) : step.note;
  const text = [`Attempt ${step.number}, ${who}: ${attemptStepPhrases[step.kind]}`, detail].filter(Boolean).join(' — ');
  return { phase: step.phase, text: `${text}.`, tone: step.kind === 'trouble' ? 'eyes' : 'plain' };
}

function tellTake(take: Take): Told {
  const cost = take.source === 'generated' ? `, ${formatUsd(take.costMicroUsd)}` : '';
  return { phase: take.phase, text: `${shortTake(take.id)} recorded: ${fileName(take.path)}${cost}.`, tone: 'plain' };
}

function tellGates({ id, phase, gateStatus }: Take): Told | null {
  if (gateStatus === null) return null;
  const tone = gateStatus === 'pass' ? 'good' : gateStatus === 'fail' ? 'bad' : 'eyes';
  return { phase, text: `${shortTake(id)} audited: ${gateStatusPhrases[gateStatus]}.`, tone };
}

function tellReview(review: Review): Told {
  const take = review.takeId === null ? '' : ` ${shortTake(review.takeId)}`;
  const reasons = review.reasons.map((reason) => rejectReasonPhrases[reason]).join(', ');
  const why = [reasons, review.note === '' ? '' : `“${review.note}”`, review.workflowId ?? '']
    .filter(Boolean)
    .join(' · ');
  const tone = /approve|override/.test(review.action) ? 'good' : review.action === 'reject' ? 'bad' : 'plain';
  const text = `${review.decidedBy}: ${reviewActionPhrases[review.action]}${take}${why === '' ? '' : ` — ${why}`}.`;
  return { phase: review.phase, text, tone };
}

/** "gate_1: The picture is black." as a part of a sentence. */
function sayReason(changeReason: string): string {
  const text = changeReason.replace(/\.+$/, '');
  const gate = /^(gate_\w+): /.exec(text)?.[1];
  return gate !== undefined && gate in gateNamePhrases
    ? text.replace(gate, gateNamePhrases[gate as keyof typeof gateNamePhrases])
    : text;
}

function shortTake(takeId: string): string {
  return takeId.slice(takeId.lastIndexOf('_') + 1);
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
