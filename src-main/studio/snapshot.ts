import type { ProjectSnapshot } from '../../src-shared/api/projects-contract.ts';
import { lineStateOf } from '../../src-shared/domain/line-state.ts';
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
