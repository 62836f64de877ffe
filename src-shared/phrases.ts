/**
 * Every state, category, action and headline as people read it. Contract names stay as they are on disk; whatever is
 * shown comes from here and follows the terminology map of the production line. A unit test walks the whole catalogue.
 */
import { type Batch, type BatchStatus, isCutShort } from './domain/batch.ts';
import type { FailureCategory } from './domain/failure.ts';
import type { LineState } from './domain/journal.ts';
import type { AccidentReason } from './domain/learning-report.ts';
import type { Phase } from './domain/phase.ts';
import type { ShotType } from './domain/plan.ts';
import type { Outcome, ProductionState, Station } from './domain/production-state.ts';
import type { KeyPlace, KeyTestKind } from './domain/provider-settings.ts';
import type { SubjectClass } from './domain/ref.ts';
import type { RejectReason, Review, ReviewAction } from './domain/review.ts';
import type { PlanStanding } from './domain/shot.ts';
import type { TakeReviewState, TakeSource, VerifiedFile } from './domain/take.ts';
import type { Finding, GateName, GateStatus } from './domain/verdict.ts';

export const statePhrases: Record<ProductionState, string> = {
  queued: 'Queued',
  blocked: 'Blocked',
  binding: 'Binding',
  assembling: 'Assembling',
  auditing: 'Auditing',
  remediating: 'Remediating',
  awaiting_operator: 'Awaiting operator',
  stabilized: 'Stabilized',
  halted: 'Halted',
  escalated: 'Escalated',
};

/** One sentence that tells a director what the state means for the shot. */
export const stateSentences: Record<ProductionState, string> = {
  queued: 'Queued: ready, waiting for a place on the line.',
  blocked: 'Blocked: the phase before it is not approved yet.',
  binding: 'Binding references, prompt and price…',
  assembling: 'Assembling the take…',
  auditing: 'Auditing the take against the gates…',
  remediating: 'Self-correction in progress.',
  awaiting_operator: 'Awaiting operator: a take is ready for your decision.',
  stabilized: 'Stabilized: this phase is settled.',
  halted: 'Production halted: requires review.',
  escalated: 'Escalated: the halt was acknowledged and stays as it is.',
};

export const stationPhrases: Record<Station, string> = {
  bind: 'Bind',
  asm: 'Assemble',
  aud: 'Audit',
  rem: 'Remediate',
};

export const outcomePhrases: Record<Outcome, string> = {
  approved: 'Approved',
  skipped: 'Skipped',
  abandoned: 'Halted',
  rejected: 'Rejected',
};

export const phasePhrases: Record<Phase, string> = { previs: 'Previs', keyframe: 'Keyframe', video: 'Video' };

export const planStandingPhrases: Record<PlanStanding, string> = {
  planned: 'In the plan',
  'changed-since-start': 'Plan changed since work began',
  'removed-from-plan': 'No longer in the plan',
};

export const batchStatusPhrases: Record<BatchStatus, string> = {
  created: 'Queued',
  running: 'In production',
  paused: 'On hold',
  budget_exhausted: 'Line stopped: cap reached',
  complete: 'Production complete',
  failed: 'Production halted',
};

export const keyPlacePhrases: Record<KeyPlace, string> = {
  keychain: 'Kept in the keychain of this computer.',
  file: 'Kept outside every project, in a file that only your user can read.',
  environment: 'Given by the environment.',
};

export const keyTestPhrases: Record<KeyTestKind, string> = {
  accepted: 'Accepted',
  refused: 'Refused',
  unreachable: 'Not reached',
};

export const lineStatePhrases: Record<LineState, string> = {
  idle: 'Idle',
  active: 'Active',
  stopped: 'Stopped',
  complete: 'Complete',
};

export const gateNamePhrases: Record<GateName, string> = {
  gate_1: 'Gate 1 · Mechanical',
  gate_2a_identity: 'Gate 2A · Identity',
  gate_2a_wardrobe: 'Gate 2A · Wardrobe',
  gate_3: 'Gate 3 · Video drift',
};

export const gateStatusPhrases: Record<GateStatus, string> = {
  pass: 'Pass',
  review: 'Needs eyes',
  fail: 'Audit rejected',
  unmeasurable: 'Not measured',
  deferred: 'Deferred to you',
  skipped: 'Not applicable',
};

export const severityPhrases: Record<Finding['severity'], string> = {
  info: 'Info',
  minor: 'Minor',
  major: 'Major',
  fatal: 'Fatal',
};

export const rejectReasonPhrases: Record<RejectReason, string> = {
  identity: 'Identity',
  wardrobe: 'Wardrobe',
  motion: 'Motion',
  composition: 'Composition',
  lighting: 'Lighting',
  continuity: 'Continuity',
  artefact: 'Artefact',
  performance: 'Performance',
  other: 'Other',
};

export const reviewActionPhrases: Record<ReviewAction, string> = {
  approve: 'Approved',
  reject: 'Rejected',
  reroute: 'Rerouted',
  override: 'Overridden with own file',
  skip: 'Shot skipped',
  'auto-approve': 'Approved by rule',
  undo: 'Decision taken back',
};

/** A decision against the gates: a pass that a person rejected was a false positive. */
export const gateDisagreementPhrases: Record<NonNullable<Review['gateDisagreement']>, string> = {
  false_positive: 'Against the gates: they had passed it',
  false_negative: 'Against the gates: they had rejected it',
};

export const takeReviewPhrases: Record<TakeReviewState, string> = {
  unreviewed: 'Not reviewed',
  approved: 'Approved',
  rejected: 'Rejected',
};

export const takeSourcePhrases: Record<TakeSource, string> = {
  generated: 'Assembled',
  external: 'External file',
  override: 'Own file',
};

export const verifyPhrases: Record<VerifiedFile['result'], string> = {
  matches: 'Matches',
  changed: 'Changed since',
  missing: 'Missing',
};

export const shotTypePhrases: Record<ShotType, string> = {
  establishing: 'Establishing',
  wide: 'Wide',
  medium: 'Medium',
  close_up: 'Close-up',
  extreme_close_up: 'Extreme close-up',
  two_shot: 'Two shot',
  over_shoulder: 'Over the shoulder',
  insert: 'Insert',
  complex: 'Complex',
};

export const subjectClassPhrases: Record<SubjectClass, { one: string; many: string }> = {
  char: { one: 'Character', many: 'Characters' },
  loc: { one: 'Location', many: 'Locations' },
  prop: { one: 'Prop', many: 'Props' },
};

export const categoryPhrases: Record<FailureCategory, string> = {
  transient: 'Provider out of reach for a moment',
  gate_mechanical: 'Audit rejected: mechanical',
  gate_identity: 'Audit rejected: identity',
  gate_wardrobe: 'Audit rejected: wardrobe',
  gate_video_drift: 'Audit rejected: drift',
  content_filter: 'Refused by the provider’s content filter',
  permanent: 'Production halted',
  budget: 'Line stopped: cap reached',
};

export const accidentReasonPhrases: Record<AccidentReason, string> = {
  gate_rejected: 'a gate had rejected it',
  external: 'it came from outside',
  own_file: 'own file',
  earlier_take: 'chosen over a newer take that had passed',
};

const costParts: Record<string, string> = {
  generation: 'Assembly',
  gates: 'Gates',
  total: 'Total',
  retries: 'Remediation',
};

/** A part of a take's cost; the record's own names are kept for parts that nobody has foreseen. */
export function phraseOfCostPart(part: string): string {
  return costParts[part] ?? part.replaceAll('_', ' ');
}

export const bugPhrase = { headline: 'Requires review', sentence: 'Something went wrong. The log has the details.' };

/** State of a phase with its count, for example "Remediating (1/2)". */
export function phraseOfPhase(phase: {
  state: ProductionState;
  outcome: Outcome | null;
  remediationCount: number;
  remediationLimit: number;
}): string {
  if (phase.state === 'remediating') {
    return phase.remediationLimit > 0
      ? `Remediating (${phase.remediationCount}/${phase.remediationLimit})`
      : statePhrases.remediating;
  }
  if (phase.state === 'stabilized' && phase.outcome !== null) return outcomePhrases[phase.outcome];
  return statePhrases[phase.state];
}

/** The line status bar's text, for example "Production Line: Active | 3/7 Stabilized". */
export function phraseOfLine(lineState: LineState, stabilized: number, total: number): string {
  return `Production Line: ${lineStatePhrases[lineState]} | ${stabilized}/${total} Stabilized`;
}

/** Status of a batch; one with only reviews left awaits the operator, one that was stopped is not called complete. */
export function phraseOfBatch(batch: Pick<Batch, 'status' | 'awaitingOperator' | 'counts'>): string {
  if (isCutShort(batch)) return 'Production stopped';
  if (batch.status === 'running' && batch.awaitingOperator) return statePhrases.awaiting_operator;
  return batchStatusPhrases[batch.status];
}

/** Shots of a batch by what they wait for, for example "1 of 12 shots done", "3 need you", "1 halted", "7 to go". */
export function phrasesOfCounts({ status, counts }: Pick<Batch, 'status' | 'counts'>): string[] {
  const { total, completed, inReview, halted, pending } = counts;
  const show = (count: number) => count.toLocaleString('en-US');
  const isOver = status === 'complete' || status === 'failed';
  return [
    `${show(completed)} of ${show(total)} ${total === 1 ? 'shot' : 'shots'} done`,
    `${show(inReview)} ${inReview === 1 ? 'needs' : 'need'} you`,
    `${show(halted)} halted`,
    // what is left when a batch has ended goes nowhere by itself
    ...(isOver && pending === 0 ? [] : [`${show(pending)} ${isOver ? 'not finished' : 'to go'}`]),
  ];
}

/** Words of chat tools that a factory floor does not use; nothing shown may contain one. */
export const bannedWords =
  /\b(generat(?:e|es|ed|ing|ion|ions)|retr(?:y|ies|ied|ying)|fail(?:s|ed|ing|ure|ures)?|errors?|pending|paused|success(?:es|ful|fully)?)\b/i;
