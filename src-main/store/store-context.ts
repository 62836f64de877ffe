import type { EventBody } from '../../src-shared/domain/journal.ts';
import type { MicroUsd } from '../../src-shared/domain/money.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { ShotPhase } from '../../src-shared/domain/shot.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { PhaseStates } from './count-shots.ts';
import type { Sql } from './sql.ts';

/** Rows are frozen: all who ask share them. */
export type PhasesOfShot = Readonly<Record<Phase, Readonly<ShotPhase>>>;

export interface EpisodePhases {
  /** by shot, those that the plan no longer lists too */
  of(episodeId: string): ReadonlyMap<string, PhasesOfShot>;
  /** states of the shots that the plan lists, in no order */
  listedStates(episodeId: string): ReadonlyMap<string, PhaseStates>;
  /** A phase has moved. */
  hear(body: EventBody): void;
  /** The episode has other shots now. */
  forget(episodeId: string): void;
}

/** What every repository of one open store works with. */
export interface StoreContext {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly projectId: string;
  /** counts the openings of the database; tells numbers handed out now from those of earlier runs */
  readonly session: number;
  /** the project's money limit as its document says now */
  projectCapMicroUsd: MicroUsd;
  readonly phases: EpisodePhases;
  /** Writes a journal row in the running transaction. */
  tell(body: EventBody): void;
}

/** The present time as it is stored. */
export function nowOf(context: StoreContext): string {
  return context.clock.now().toISOString();
}
