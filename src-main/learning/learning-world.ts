import type { Attempt } from '../../src-shared/domain/attempt.ts';
import type { ShotType } from '../../src-shared/domain/plan.ts';
import type { GateResult } from '../../src-shared/domain/verdict.ts';

/** What a journal row does not say itself. All of it is recorded and does not change. */
export interface LearningWorld {
  /** slug of the project */
  project: string;
  attempt(attemptId: string): Attempt | null;
  gates(takeId: string): readonly GateResult[];
  /** null when the plan no longer lists the shot */
  shotType(shotId: string): ShotType | null;
  /** whether an event of this id was learned before */
  isKnown(eventId: string): boolean;
}
