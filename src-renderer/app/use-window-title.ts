import { useEffect } from 'react';
import type { Shot } from '../../src-shared/domain/shot.ts';
import { useProjectStore } from '../stores/project-store.ts';
import { standingCounts } from '../stores/shot-standing.ts';

const noShots: readonly Shot[] = [];

/** The window's title names the project and how many shots need the director, for the task bar. */
export function useWindowTitle(): void {
  const title = useProjectStore((state) => state.snapshot?.project.title ?? null);
  const awaiting = useProjectStore((state) => standingCounts(state.snapshot?.shots ?? noShots).awaiting);
  const isRehearsal = useProjectStore((state) => state.snapshot?.project.rehearsal === true);
  useEffect(() => {
    const count = awaiting > 0 ? `(${awaiting}) ` : '';
    const mark = isRehearsal ? 'REHEARSAL · ' : '';
    document.title = title === null ? 'Circletake' : `${mark}${count}${title} — Circletake`;
  }, [title, awaiting, isRehearsal]);
}
