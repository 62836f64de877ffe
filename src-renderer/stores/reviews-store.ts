import { create } from 'zustand';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import type { Review } from '../../src-shared/domain/review.ts';
import { studio } from '../api/client.ts';
import { type Trouble, troubleOf } from '../api/trouble.ts';

export type ShotReviews =
  | { kind: 'loading'; reviews: readonly Review[] }
  | { kind: 'ready'; reviews: readonly Review[] }
  | { kind: 'refused'; reviews: readonly Review[]; trouble: Trouble };

interface ReviewsState {
  byShot: Readonly<Record<string, ShotReviews>>;
}

/** Decisions by shot, newest last. */
const useReviewsStore = create<ReviewsState>(() => ({ byShot: {} }));

export function resetReviews(): void {
  useReviewsStore.setState({ byShot: {} });
}

/** Puts a decision in its place; an `undo` marks the decision that it takes back. Pure. */
export function withReview(reviews: readonly Review[], review: Review): readonly Review[] {
  const marked = reviews.map((known) => (known.id === review.undoes ? { ...known, undone: true } : known));
  const others = marked.filter((known) => known.id !== review.id);
  return [...others, review].sort((a, b) => a.decidedAt.localeCompare(b.decidedAt));
}

export function applyReviewEvents(events: readonly JournalEvent[]): void {
  const recorded = events.flatMap((event) => (event.body.type === 'review_recorded' ? [event.body.review] : []));
  if (recorded.length === 0) return;
  useReviewsStore.setState((state) => {
    const byShot = { ...state.byShot };
    for (const review of recorded) {
      const known = byShot[review.shotId];
      if (known) byShot[review.shotId] = { ...known, reviews: withReview(known.reviews, review) };
    }
    return { byShot };
  });
}

export async function ensureReviews(projectId: string, shotId: string): Promise<void> {
  const known = useReviewsStore.getState().byShot[shotId];
  if (known?.kind === 'ready' || known?.kind === 'loading') return;
  put(shotId, { kind: 'loading', reviews: [] });
  try {
    const loaded = await studio.review.history({ projectId, shotId });
    const since = useReviewsStore.getState().byShot[shotId]?.reviews ?? [];
    put(shotId, { kind: 'ready', reviews: since.reduce(withReview, loaded) });
  } catch (error) {
    put(shotId, { kind: 'refused', reviews: [], trouble: troubleOf(error) });
  }
}

/** Histories that could not be read are asked for again when somebody looks at them next. */
export function forgetRefusedReviews(): void {
  useReviewsStore.setState((state) => ({
    byShot: Object.fromEntries(Object.entries(state.byShot).filter(([, known]) => known.kind !== 'refused')),
  }));
}

function put(shotId: string, reviews: ShotReviews): void {
  useReviewsStore.setState((state) => ({ byShot: { ...state.byShot, [shotId]: reviews } }));
}

export function useShotReviews(shotId: string | null): ShotReviews | null {
  return useReviewsStore((state) => (shotId === null ? null : (state.byShot[shotId] ?? null)));
}
