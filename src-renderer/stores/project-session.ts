/**
 * Opens a project and keeps the stores in step with it: snapshot first, then the journal from there. Owns the one
 * subscription; choosing another project or episode aborts it before the next begins.
 */
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import { studio } from '../api/client.ts';
import { followJournal } from '../api/event-subscription.ts';
import { troubleOf } from '../api/trouble.ts';
import { applyAttemptEvents, forgetRefusedAttempts, loadDoubts, resetAttempts } from './attempts-store.ts';
import { applyDetailEvents, forgetRefusedDetails, resetDetails } from './details-store.ts';
import { applyExplanationEvents, resetExplanations } from './explanations-store.ts';
import { applyLearningEvents, forgetRefusedLearning, resetLearning } from './learning-store.ts';
import { applyToProject, closeProjectView, showLoading, showRefused, showSnapshot } from './project-store.ts';
import { applyRefEvents, resetRefs } from './refs-store.ts';
import { applyReviewEvents, forgetRefusedReviews, resetReviews } from './reviews-store.ts';
import { setConnection, useStudioStore } from './studio-store.ts';
import { applyTakeEvents, forgetRefusedTakes, resetTakes } from './takes-store.ts';
import { useViewStore } from './view-store.ts';

let running: AbortController | null = null;

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

/** Shows a project, and the first episode unless one is named. */
export async function openProject(projectId: string, episodeId?: string): Promise<void> {
  running?.abort();
  const session = new AbortController();
  running = session;
  showLoading(projectId);
  try {
    const known = await studio.projects.open({ projectId }, { signal: session.signal });
    if (known.trouble !== null) throw new OpeningRefused(known.trouble);
    const seq = await loadSnapshot(projectId, episodeId, session.signal);
    void follow(projectId, seq, session.signal);
    useStudioStore.setState({ projects: await studio.projects.list() });
  } catch (error) {
    if (session.signal.aborted) return;
    showRefused(projectId, error instanceof OpeningRefused ? error.trouble : troubleOf(error));
  }
}

export function leaveProject(): void {
  running?.abort();
  running = null;
  closeProjectView();
  useViewStore.getState().chooseProject(null, null);
}

async function loadSnapshot(projectId: string, episodeId: string | undefined, signal: AbortSignal): Promise<number> {
  const asked = { projectId, ...(episodeId === undefined ? {} : { episodeId }) };
  const snapshot = await studio.projects.snapshot(asked, { signal }).catch((error: unknown) => {
    // An episode that is remembered but gone from project.json must not lock the project.
    if (episodeId === undefined || signal.aborted) throw error;
    return studio.projects.snapshot({ projectId }, { signal });
  });
  signal.throwIfAborted();
  resetTakes(projectId);
  resetReviews();
  resetDetails();
  resetRefs();
  resetAttempts();
  resetExplanations();
  resetLearning();
  showSnapshot(snapshot);
  useViewStore.getState().chooseProject(projectId, snapshot.episodeId);
  void loadDoubts(projectId);
  return snapshot.seq;
}

async function follow(projectId: string, since: number, signal: AbortSignal): Promise<void> {
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
    since,
    {
      open: async (from, abort) => {
        // A Studio that was started again has the project closed; opening an open one changes nothing.
        if (attempts > 0) await studio.projects.open({ projectId }, { signal: abort });
        attempts += 1;
        return studio.events.stream({ projectId, since: from }, { signal: abort });
      },
      isOver: (error) => troubleOf(error).code === 'session.refused',
      deliver,
      reload: () => loadSnapshot(projectId, useViewStore.getState().episodeId ?? undefined, signal),
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
