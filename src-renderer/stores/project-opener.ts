/**
 * Opens one project at a time: its snapshot, slice by slice, then its journal from the number that the snapshot is true for,
 * so that what happened meanwhile follows it. Opening another, or leaving, ends the one before at its next slice. Nothing is
 * shown before the snapshot is whole.
 */
import type { ProjectSnapshot, SnapshotSlice } from '../../src-shared/api/projects-contract.ts';
import { gatherSnapshot, type SnapshotProgress } from '../../src-shared/api/snapshot-slices.ts';

export interface OpenerPorts {
  /** makes sure that the Studio has it open, or throws why it cannot */
  open: (projectId: string, signal: AbortSignal) => Promise<void>;
  snapshot: (
    asked: { projectId: string; episodeId?: string },
    signal: AbortSignal,
  ) => Promise<AsyncIterable<SnapshotSlice>>;
  loading: (projectId: string) => void;
  progress: (progress: SnapshotProgress) => void;
  show: (snapshot: ProjectSnapshot) => void;
  refused: (projectId: string, error: unknown) => void;
  /** follows the journal until the signal; `reload` loads the snapshot again and answers its number */
  follow: (opened: OpenedProject, signal: AbortSignal) => Promise<void>;
  /** between two slices */
  giveWay: () => Promise<void>;
}

export interface OpenedProject {
  projectId: string;
  seq: number;
  reload: () => Promise<number>;
}

export interface ProjectOpener {
  /** Ends when the project is shown, was refused, or another one has taken its place. */
  open(projectId: string, episodeId?: string): Promise<void>;
  leave(): void;
}

export function createProjectOpener(ports: OpenerPorts): ProjectOpener {
  let running: AbortController | null = null;
  return {
    async open(projectId, episodeId) {
      running?.abort();
      const session = new AbortController();
      running = session;
      const { signal } = session;
      ports.loading(projectId);
      try {
        await ports.open(projectId, signal);
        signal.throwIfAborted();
        const shown = await load(ports, { projectId, ...(episodeId === undefined ? {} : { episodeId }) }, signal);
        const again = { projectId, episodeId: shown.episodeId };
        const reload = async () => (await load(ports, again, signal)).seq;
        void ports.follow({ projectId, seq: shown.seq, reload }, signal);
      } catch (error) {
        if (!signal.aborted) ports.refused(projectId, error);
      }
    },
    leave() {
      running?.abort();
      running = null;
    },
  };
}

async function load(
  ports: OpenerPorts,
  asked: { projectId: string; episodeId?: string },
  signal: AbortSignal,
): Promise<ProjectSnapshot> {
  const slices = await ports.snapshot(asked, signal).catch((error: unknown) => {
    // An episode that is remembered but gone from project.json must not lock the project.
    if (asked.episodeId === undefined || signal.aborted) throw error;
    return ports.snapshot({ projectId: asked.projectId }, signal);
  });
  const snapshot = await gatherSnapshot(slices, async (progress) => {
    signal.throwIfAborted();
    ports.progress(progress);
    await ports.giveWay();
    signal.throwIfAborted();
  });
  // Drawing all of it is a task of its own.
  await ports.giveWay();
  signal.throwIfAborted();
  ports.show(snapshot);
  return snapshot;
}
