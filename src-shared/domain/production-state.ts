/**
 * The one state machine of a shot's phase (facts/line.md §2, decisions.md 6): the states, the table of legal moves with
 * the cause that makes each, and the two-way mapping to the flat statuses that exports and imports use.
 */
import { z } from 'zod';
import type { Phase } from './phase.ts';

export const productionStates = [
  'queued',
  'blocked',
  'binding',
  'assembling',
  'auditing',
  'remediating',
  'awaiting_operator',
  'stabilized',
  'halted',
  'escalated',
] as const;
export const productionStateSchema = z.enum(productionStates);
export type ProductionState = z.infer<typeof productionStateSchema>;

export const stationSchema = z.enum(['bind', 'asm', 'aud', 'rem']);
export type Station = z.infer<typeof stationSchema>;

/** Why a phase moved; written to the journal with every move. */
export const transitionCauseSchema = z.enum([
  'work-started',
  'request-bound',
  'take-arrived',
  'audit-passed',
  'audit-needs-eyes',
  'audit-rejected',
  'retry-planned',
  'retry-started',
  'retries-exhausted',
  'attempt-lost',
  'attempt-in-doubt',
  'asked-of-person',
  'delivered',
  'approved',
  'rejected',
  'rerouted',
  'overridden',
  'skipped',
  'undone',
  'upstream-approved',
  'upstream-reopened',
  'restarted',
  'interrupted',
  'acknowledged',
  'refs-missing',
  /** no move: fields beside the state changed, `from` is the state itself */
  'annotated',
]);
export type TransitionCause = z.infer<typeof transitionCauseSchema>;

/** Legal moves. A person's decision may come in any state: the director is never blocked. */
const moves: Record<ProductionState, readonly ProductionState[]> = {
  blocked: ['queued', 'stabilized'],
  queued: ['binding', 'blocked', 'awaiting_operator', 'stabilized'],
  binding: ['assembling', 'queued', 'blocked', 'awaiting_operator', 'halted', 'stabilized'],
  assembling: ['auditing', 'remediating', 'queued', 'awaiting_operator', 'halted', 'stabilized'],
  auditing: ['awaiting_operator', 'remediating', 'queued', 'halted', 'stabilized'],
  remediating: ['auditing', 'binding', 'queued', 'awaiting_operator', 'halted', 'stabilized'],
  awaiting_operator: ['queued', 'blocked', 'stabilized', 'halted'],
  stabilized: ['queued', 'blocked', 'awaiting_operator', 'halted', 'binding', 'assembling', 'auditing', 'remediating'],
  halted: ['queued', 'blocked', 'awaiting_operator', 'stabilized', 'escalated'],
  escalated: ['queued', 'stabilized'],
};

/** Whether a phase may move from one state to another; staying in a state is not a move. */
export function isLegalMove(from: ProductionState, to: ProductionState): boolean {
  return moves[from].includes(to);
}

export function legalMovesFrom(from: ProductionState): readonly ProductionState[] {
  return moves[from];
}

/** A station is at work on it. */
export function isInFlight(state: ProductionState): boolean {
  return state === 'binding' || state === 'assembling' || state === 'auditing';
}

/** The loop has nothing more to do with it in this run. */
export function isSettled(state: ProductionState): boolean {
  return state === 'stabilized' || state === 'halted' || state === 'escalated';
}

export function stationOf(state: ProductionState): Station | null {
  switch (state) {
    case 'binding':
      return 'bind';
    case 'assembling':
      return 'asm';
    case 'auditing':
      return 'aud';
    case 'remediating':
      return 'rem';
    default:
      return null;
  }
}

/** How a settled phase ended; kept beside the state because one state can have several ends. */
export const outcomeSchema = z.enum(['approved', 'skipped', 'abandoned', 'rejected']);
export type Outcome = z.infer<typeof outcomeSchema>;

/** The flat statuses of facts/orchestrator.md §4, as exports and imports name them. */
export const flatStatuses = [
  'previs_pending',
  'previs_failed',
  'keyframe_pending',
  'keyframe_mechanical_failed',
  'video_pending',
  'video_failed',
  'video_mechanical_failed',
  'failed',
  'previs_generated',
  'keyframe_generated',
  'keyframe_semantic_failed',
  'video_semantic_failed',
  'video_ready',
  'previs_generating',
  'keyframe_generating',
  'video_submitted',
  'video_processing',
  'video_downloading',
  'approved',
  'rejected',
  'abandoned',
  'skipped',
  'video_complete',
] as const;
export const flatStatusSchema = z.enum(flatStatuses);
export type FlatStatus = z.infer<typeof flatStatusSchema>;

/** What a flat status says: a phase (null where the word names none), its state and, where settled, its outcome. */
export interface FlatMeaning {
  phase: Phase | null;
  state: ProductionState;
  outcome: Outcome | null;
}

const meaning = (phase: Phase | null, state: ProductionState, outcome: Outcome | null = null): FlatMeaning => ({
  phase,
  state,
  outcome,
});

const flatMeanings: Record<FlatStatus, FlatMeaning> = {
  previs_pending: meaning('previs', 'queued'),
  previs_failed: meaning('previs', 'remediating'),
  previs_generating: meaning('previs', 'assembling'),
  previs_generated: meaning('previs', 'awaiting_operator'),
  keyframe_pending: meaning('keyframe', 'queued'),
  keyframe_generating: meaning('keyframe', 'assembling'),
  keyframe_generated: meaning('keyframe', 'awaiting_operator'),
  keyframe_mechanical_failed: meaning('keyframe', 'remediating'),
  keyframe_semantic_failed: meaning('keyframe', 'awaiting_operator'),
  video_pending: meaning('video', 'queued'),
  video_submitted: meaning('video', 'assembling'),
  video_processing: meaning('video', 'assembling'),
  video_downloading: meaning('video', 'assembling'),
  video_failed: meaning('video', 'remediating'),
  video_mechanical_failed: meaning('video', 'remediating'),
  video_semantic_failed: meaning('video', 'awaiting_operator'),
  video_ready: meaning('video', 'awaiting_operator'),
  video_complete: meaning('video', 'stabilized', 'approved'),
  failed: meaning(null, 'remediating'),
  approved: meaning(null, 'stabilized', 'approved'),
  rejected: meaning(null, 'halted', 'rejected'),
  abandoned: meaning(null, 'halted', 'abandoned'),
  skipped: meaning(null, 'stabilized', 'skipped'),
};

/** Reads a flat status on import; the word must be one of the list, an unknown one is refused by the schema. */
export function fromFlatStatus(status: FlatStatus): FlatMeaning {
  return flatMeanings[status];
}

/** The flat status that exports write for a phase's state. */
export function toFlatStatus(phase: Phase, state: ProductionState, outcome: Outcome | null): FlatStatus {
  switch (state) {
    case 'queued':
    case 'blocked':
      return `${phase}_pending`;
    case 'binding':
    case 'assembling':
    case 'auditing':
      return phase === 'video' ? 'video_processing' : `${phase}_generating`;
    case 'remediating':
      return phase === 'keyframe' ? 'keyframe_mechanical_failed' : `${phase}_failed`;
    case 'awaiting_operator':
      return phase === 'video' ? 'video_ready' : `${phase}_generated`;
    case 'stabilized':
      if (outcome === 'skipped') return 'skipped';
      return phase === 'video' ? 'video_complete' : 'approved';
    case 'halted':
    case 'escalated':
      return outcome === 'rejected' ? 'rejected' : 'abandoned';
  }
}
