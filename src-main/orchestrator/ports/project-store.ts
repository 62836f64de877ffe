import type { ShotSummary } from '../../../src-shared/api/projects-contract.ts';
import type { Sha256 } from '../../../src-shared/domain/hash.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import type { LearningStore } from './learning-store.ts';
import type { ProductionStore } from './store.ts';

/** The store of one open project: what services use, and what only its owner and the lists need. */
export interface ProjectStore extends ProductionStore, LearningStore {
  /** What the shot list shows beside each shot of an episode. */
  shotSummaries(episodeId: string): Record<string, ShotSummary>;
  /** the take of a shot that has these bytes */
  takeByHash(shotId: string, sha256: Sha256): Take | null;
  /**
   * Whether T<n> of a shot was handed out and may yet be recorded by the one who asked: in this run of the app, or by an
   * attempt that is not over. A file of that name is nobody else's.
   */
  isTakeNumberHeld(shotId: string, takeNumber: number): boolean;
  /** The cap that `projectSpend` tells; project.json may change it at any time. */
  setProjectCap(capMicroUsd: MicroUsd): void;
  /** A document as it last was valid; null when none was kept. */
  lastGoodDocument(key: string): unknown;
  keepLastGoodDocument(key: string, document: unknown): void;
  /** The journal number up to which exports are on disk; 0 when none ever were. */
  exportedSeq(): number;
  markExported(seq: number): void;
  /** Whose money the ledger tells of; null before anybody said. A rehearsal's is play money. */
  money(): 'play' | 'real' | null;
  markMoney(kind: 'play' | 'real'): void;
  /** "ok", or what SQLite and the ledger's sums find wrong. */
  integrityCheck(): string;
  close(): void;
}
