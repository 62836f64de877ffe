/**
 * Keeps the stores in step with the project that is open: what its opening says, its snapshot, then its journal from there.
 * Owns the one opener, and so the one subscription.
 */
import type { ProjectSnapshot } from '../../src-shared/api/projects-contract.ts';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import { studio } from '../api/client.ts';
import { followJournal } from '../api/event-subscription.ts';
import { giveWay } from '../api/give-way.ts';
import { troubleOf } from '../api/trouble.ts';
import { applyAttemptEvents, forgetRefusedAttempts, loadDoubts, resetAttempts } from './attempts-store.ts';
import { applyDetailEvents, forgetRefusedDetails, resetDetails } from './details-store.ts';
import { applyExplanationEvents, resetExplanations } from './explanations-store.ts';
import { applyLearningEvents, forgetRefusedLearning, resetLearning } from './learning-store.ts';
import { createProjectOpener, type OpenedProject } from './project-opener.ts';
import {
  applyToProject,
  closeProjectView,
  showLoading,
  showProgress,
  showRefused,
  showSnapshot,
} from './project-store.ts';
import { applyRefEvents, resetRefs } from './refs-store.ts';
import { applyReviewEvents, forgetRefusedReviews, resetReviews } from './reviews-store.ts';
import { setConnection, useStudioStore } from './studio-store.ts';
import { applyTakeEvents, forgetRefusedTakes, resetTakes } from './takes-store.ts';
import { useViewStore } from './view-store.ts';

/** Asks which projects there are and opens the one that was open last; with none open the welcome page chooses. */
export async function startStudio(): Promise<void> {
  try {
    const [projects, info] = await Promise.all([studio.projects.list(), studio.system.info()]);
    useStudioStore.setState({ projects, info, trouble: null });
    setConnection('live');
    const wanted = useViewStore.getState().projectId;
    const choice = projects.find((project) => project.id === wanted) ?? projects.find((project) => project.open);
    const only = projects.length === 1 ? projects[0] : undefined;
    const first = choice ?? only;
    if (first) await openProject(first.id, useViewStore.getState().episodeId ?? undefined);
  } catch (error) {
    useStudioStore.setState({ trouble: troubleOf(error) });
    setConnection('gone');
  }
}

const opener = createProjectOpener({
  open: async (projectId, signal) => {
    const known = await studio.projects.open({ projectId }, { signal });
    if (known.trouble !== null) throw new OpeningRefused(known.trouble);
  },
  snapshot: (asked, signal) => studio.projects.snapshot(asked, { signal }),
  loading: showLoading,
  progress: showProgress,
  show: showWhole,
  refused: (projectId, error) =>
    showRefused(projectId, error instanceof OpeningRefused ? error.trouble : troubleOf(error)),
  follow,
  giveWay,
});

/** Shows a project, and the first episode unless one is named. */
export async function openProject(projectId: string, episodeId?: string): Promise<void> {
  await opener.open(projectId, episodeId);
  // Which projects are open now; a Studio that does not answer leaves the list as it was and says so elsewhere.
  const projects = await studio.projects.list().catch(() => null);
  if (projects !== null) useStudioStore.setState({ projects });
}

export function leaveProject(): void {
  opener.leave();
  closeProjectView();
  useViewStore.getState().chooseProject(null, null);
}

/** Everything that hung on the snapshot before goes with it. */
function showWhole(snapshot: ProjectSnapshot): void {
  const { projectId, episodeId } = snapshot;
  resetTakes(projectId);
  resetReviews();
  resetDetails();
  resetRefs();
  resetAttempts();
  resetExplanations();
  resetLearning();
  showSnapshot(snapshot);
  useViewStore.getState().chooseProject(projectId, episodeId);
  void loadDoubts(projectId);
}

async function follow({ projectId, seq, reload }: OpenedProject, signal: AbortSignal): Promise<void> {
  let attempts = 0;
  const deliver = (events: JournalEvent[]) => {
    if (signal.aborted) return;
    applyToProject(events);
    applyTakeEvents(events);
    applyReviewEvents(events);
    applyDetailEvents(projectId, events);
    applyLearningEvents(events);
    void applyRefEvents(projectId, events);
    applyAttemptEvents(projectId, events);
    applyExplanationEvents(events);
  };
  await followJournal(
    seq,
    {
      open: async (from, abort) => {
        // A Studio that was started again has the project closed; opening an open one changes nothing.
        if (attempts > 0) await studio.projects.open({ projectId }, { signal: abort });
        attempts += 1;
        return studio.events.stream({ projectId, since: from }, { signal: abort });
      },
      isOver: (error) => troubleOf(error).code === 'session.refused',
      deliver,
      reload,
      connection: (state) => {
        if (signal.aborted) return;
        setConnection(state);
        if (state === 'live') forgetRefused();
      },
      wait,
    },
    signal,
  );
  if (!signal.aborted) setConnection('ended');
}

function forgetRefused(): void {
  forgetRefusedTakes();
  forgetRefusedReviews();
  forgetRefusedDetails();
  forgetRefusedLearning();
  forgetRefusedAttempts();
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

class OpeningRefused extends Error {
  readonly trouble;

  constructor(sentence: string) {
    super(sentence);
    this.trouble = {
      code: 'project.unreadable' as const,
      headline: 'Project cannot be opened',
      sentence,
      hint: 'Mend the file that is named, then open the project again.',
      again: true,
    };
  }
}
