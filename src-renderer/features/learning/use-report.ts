import { useEffect } from 'react';
import { loadLearning, useLearningStore } from '../../stores/learning-store.ts';

/** A busy line moves several times a second: what moves within this time is asked for once. */
const settleMs = 800;

/** Keeps the report up to date while the room is on the screen. */
export function useReport(projectId: string | null): void {
  const kind = useLearningStore((state) => state.load.kind);
  const stale = useLearningStore((state) => state.stale);
  useEffect(() => {
    if (projectId !== null && kind === 'none') void loadLearning(projectId);
  }, [projectId, kind]);
  useEffect(() => {
    if (projectId === null || !stale || kind === 'loading') return;
    const timer = setTimeout(() => void loadLearning(projectId), settleMs);
    return () => clearTimeout(timer);
  }, [projectId, stale, kind]);
}
