import { useEffect } from 'react';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { useTakes } from '../../stores/takes-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { firstTakeToShow } from './take-choice.ts';

/** Puts a take into the viewer while none is there; a take the director has chosen is left alone. */
export function useShownTake(shot: Shot | null): void {
  const takes = useTakes(shot?.id ?? null);
  const shown = useViewStore((state) => state.compare.a);
  const choose = useViewStore((state) => state.chooseTake);
  const isHere = takes.some((take) => take.id === shown);
  const first = shot === null || isHere ? null : (firstTakeToShow(shot, takes)?.id ?? null);
  useEffect(() => {
    if (first !== null) choose(first);
  }, [first, choose]);
}
