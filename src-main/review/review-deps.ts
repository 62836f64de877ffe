import type { ProjectFile } from '../../src-shared/domain/project.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import type { TakeGate } from '../orchestrator/ports/gate.ts';
import type { IdSource } from '../orchestrator/ports/ids.ts';
import type { MediaWorkshop } from '../orchestrator/ports/media.ts';
import type { DurableFiles, ProjectPaths } from '../orchestrator/ports/project-files.ts';
import type { ProductionStore } from '../orchestrator/ports/store.ts';

/** What decisions need of the world. */
export interface ReviewDeps {
  store: ProductionStore;
  clock: Clock;
  ids: IdSource;
  paths: ProjectPaths;
  files: DurableFiles;
  media: MediaWorkshop;
  gates: readonly TakeGate[];
  project: () => ProjectFile;
  /** who decides at this machine */
  person: string;
  /** called after each decision: work may have become possible */
  wake: () => void;
}
