import type { Logger } from '../platform/logger.ts';
import type { WorkflowRegistry } from '../supervisor/workflow-registry.ts';
import type { Clock } from './ports/clock.ts';
import type { TakeGate } from './ports/gate.ts';
import type { IdSource } from './ports/ids.ts';
import type { MediaWorkshop } from './ports/media.ts';
import type { DurableFiles, ProjectDocuments, ProjectPaths } from './ports/project-files.ts';
import type { ProviderAdapter } from './ports/provider.ts';
import type { ResolveRefs } from './ports/refs.ts';
import type { ProductionStore } from './ports/store.ts';

/** What the orchestrator of one open project works with. */
export interface OrchestratorDeps {
  store: ProductionStore;
  clock: Clock;
  ids: IdSource;
  providers: ReadonlyMap<string, ProviderAdapter>;
  /** in the order in which they run */
  gates: readonly TakeGate[];
  media: Pick<MediaWorkshop, 'hash' | 'probe'>;
  files: DurableFiles;
  paths: ProjectPaths;
  /** the documents in force now */
  documents: () => ProjectDocuments;
  resolveRefs: ResolveRefs;
  workflows: WorkflowRegistry;
  /** names the price table that is in force; recorded with each attempt */
  priceVersion: string;
  /** why nothing can be asked of a provider now, as a sentence (no key, for example); absent = all can */
  whyNotReady?: (providerId: string) => string | null;
  logger: Logger;
}
