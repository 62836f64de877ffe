import type { ProjectSnapshot } from '../../src-shared/api/projects-contract.ts';
import type { Batch } from '../../src-shared/domain/batch.ts';
import type { LineState } from '../../src-shared/domain/journal.ts';
import { isInFlight } from '../../src-shared/domain/production-state.ts';
import type { Shot } from '../../src-shared/domain/shot.ts';
import { AppError } from '../platform/app-error.ts';
import type { Production } from './production.ts';

/** All that the shell and the shot list need of an episode, true as of the journal number it carries. */
export function takeSnapshot(production: Production, episodeId: string | undefined): ProjectSnapshot {
  const { store, paths } = production;
  const { project } = production.documents();
  const episode = episodeId ?? project.episodes[0]?.id ?? '';
  if (!project.episodes.some((entry) => entry.id === episode)) {
    throw new AppError({
      code: 'input.invalid',
      message: `${project.title} has no episode ${episode}.`,
      hint: `Its episodes are ${project.episodes.map((entry) => entry.id).join(', ')}.`,
    });
  }
  return store.inTransaction(() => {
    const shots = store.shots(episode);
    const batches = store.batches();
    return {
      seq: store.lastSeq(),
      projectId: production.id,
      displayPath: paths.root,
      project,
      episodeId: episode,
      shots,
      summaries: store.shotSummaries(episode),
      batches,
      spend: store.projectSpend(),
      lineState: lineStateOf(batches, shots),
      problems: store.problems(),
    };
  });
}

/** What the line is doing, from its batches and shots. */
export function lineStateOf(batches: readonly Batch[], shots: readonly Shot[]): LineState {
  if (batches.some((batch) => batch.status === 'running')) return 'active';
  const rows = shots.flatMap((shot) => Object.values(shot.phases));
  if (rows.some((row) => isInFlight(row.state))) return 'active';
  if (batches.some((batch) => batch.status === 'paused' || batch.status === 'budget_exhausted')) return 'stopped';
  return rows.length > 0 && rows.every((row) => row.state === 'stabilized') ? 'complete' : 'idle';
}
