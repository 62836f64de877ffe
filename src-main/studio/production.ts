import type { BibleFile } from '../../src-shared/domain/bible.ts';
import type { PlanFile } from '../../src-shared/domain/plan.ts';
import type { ProjectFile } from '../../src-shared/domain/project.ts';
import type { UploadShelf } from '../api/upload-shelf.ts';
import type { MediaCache } from '../media/media-cache.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import type { MediaWorkshop } from '../orchestrator/ports/media.ts';
import type { DurableFiles, ProjectPaths } from '../orchestrator/ports/project-files.ts';
import type { ProjectStore } from '../orchestrator/ports/project-store.ts';
import type { Logger } from '../platform/logger.ts';
import type { WorkflowRegistry } from '../supervisor/workflow-registry.ts';

/** The documents of a project that are in force: the last good ones. */
export interface DocumentsInForce {
  project: ProjectFile;
  plans: ReadonlyMap<string, PlanFile>;
  bible: BibleFile | null;
}

/** The parts of one open project that its services share. */
export interface Production {
  id: string;
  store: ProjectStore;
  paths: ProjectPaths;
  files: DurableFiles;
  media: MediaWorkshop;
  cache: MediaCache;
  clock: Clock;
  logger: Logger;
  uploads: UploadShelf;
  workflows: WorkflowRegistry;
  documents: () => DocumentsInForce;
}

/** The plan's shot of a shot id, as it is in force. */
export function allPlanShots(documents: DocumentsInForce) {
  return [...documents.plans.values()].flatMap((plan) => plan.shots);
}
