import type { EventBody } from '../../src-shared/domain/journal.ts';
import type { MicroUsd } from '../../src-shared/domain/money.ts';
import type { Shot } from '../../src-shared/domain/shot.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Sql } from './sql.ts';

export interface EpisodeShots {
  /** in the plan's order, those that it no longer lists too; shared by all who ask, therefore frozen */
  list(episodeId: string): Shot[];
  find(shotId: string): Shot | null;
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
  readonly shots: EpisodeShots;
  /** Writes a journal row in the running transaction. */
  tell(body: EventBody): void;
}

/** The present time as it is stored. */
export function nowOf(context: StoreContext): string {
  return context.clock.now().toISOString();
}
