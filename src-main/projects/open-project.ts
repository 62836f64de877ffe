/** Opens a project folder: documents checked, lock taken, database opened, plan applied, heroes imported. Undone in reverse. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type RefsManifest, refsManifestSchema, type SlotKey } from '../../src-shared/domain/ref.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import type { MediaWorkshop } from '../orchestrator/ports/media.ts';
import type { ProjectStore } from '../orchestrator/ports/project-store.ts';
import { makeFolder } from '../platform/atomic-file.ts';
import type { Logger } from '../platform/logger.ts';
import { ProjectDocuments, readProjectFile } from './documents.ts';
import { projectIdOf } from './known-projects.ts';
import { type ProjectLock, takeLock } from './project-lock.ts';
import { createProjectPaths, type OwnerPaths } from './project-paths.ts';
import { readDocument } from './read-document.ts';
import { sweepLeftovers } from './sweep-leftovers.ts';

export interface OpenProjectDeps {
  clock: Clock;
  logger: Logger;
  openStore: (options: {
    path: string;
    projectId: string;
    clock: Clock;
    logger: Logger;
    projectCapMicroUsd: number;
  }) => ProjectStore;
  hash: MediaWorkshop['hash'];
  /** the lock was lost: the folder was taken away or another machine has it */
  onLockLost: () => void;
}

export interface OpenedProject {
  readonly id: string;
  readonly paths: OwnerPaths;
  readonly documents: ProjectDocuments;
  readonly store: ProjectStore;
  close(): Promise<void>;
}

/** Throws project.invalid, project.in-use, store.corrupt, store.from-the-future, file errors; leaves nothing open then. */
export async function openProject(folder: string, deps: OpenProjectDeps): Promise<OpenedProject> {
  const paths = createProjectPaths(folder);
  const project = await readProjectFile(paths);
  const id = await projectIdOf(project.slug, folder);
  const lock = await takeLock(paths.lockFile, { clock: deps.clock }, deps.onLockLost);
  try {
    await makeFolder(join(paths.root, 'state'));
    await rm(paths.temporaryFolder, { recursive: true, force: true });
    await sweepLeftovers(paths);
    const { clock, logger } = deps;
    const projectCapMicroUsd = project.caps.project_micro_usd;
    const store = deps.openStore({ path: paths.database, projectId: id, clock, logger, projectCapMicroUsd });
    return await fill({ id, paths, store, lock, documents: new ProjectDocuments(project, paths, store) }, deps);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function fill(
  parts: Omit<OpenedProject, 'close'> & { lock: ProjectLock },
  deps: OpenProjectDeps,
): Promise<OpenedProject> {
  const { store, lock, documents, paths } = parts;
  try {
    await documents.reload();
    await importHeroes(paths, store, deps.hash);
    return {
      ...{ id: parts.id, paths, documents, store },
      async close() {
        store.close();
        await lock.release();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Slots of `assets/refs.manifest.json` that the pointer table lacks are taken over when the file has the hash it says. */
export async function importHeroes(paths: OwnerPaths, store: ProjectStore, hash: MediaWorkshop['hash']): Promise<void> {
  const file = 'assets/refs.manifest.json';
  const read = await readDocument<RefsManifest>(paths.refsManifestPath(), file, refsManifestSchema);
  if (read.kind === 'bad') {
    const [fault] = read.faults;
    const isMissing = fault?.where === null && fault.message.includes('missing');
    if (fault && !isMissing) store.raiseProblem({ key: 'refs-manifest', severity: 'warning', ...fault });
    return;
  }
  store.clearProblem('refs-manifest');
  for (const row of read.document.slots) {
    const slot: SlotKey = {
      subjectClass: row.subject_class,
      subjectId: row.subject_id,
      kind: row.kind,
      view: row.view,
    };
    if (store.activeRef(slot)) continue;
    const key = `hero-file:${row.path}`;
    // a folder that may not be read keeps one hero out, not the project closed
    const actual = await Promise.resolve(row.path)
      .then((path) => hash(paths.resolve(path)))
      .catch(() => null);
    if (actual?.sha256 === row.sha256) {
      store.promote({ ...row, supersedes: null });
      store.clearProblem(key);
      continue;
    }
    store.raiseProblem({
      ...{ key, severity: 'warning', file: row.path, where: `${row.subject_id} ${row.kind}/${row.view}` },
      message: actual
        ? `${row.path} is not the file that was promoted: its hash differs.`
        : `${row.path} is missing or cannot be read.`,
      hint: 'Put the right file back, or drop a picture on the slot in Refs.',
    });
  }
}
