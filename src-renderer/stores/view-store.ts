import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Phase } from '../../src-shared/domain/phase.ts';

export type Room = 'dailies' | 'refs' | 'batches' | 'learning';
export type StandingFilter = 'all' | 'needs-you' | 'at-work' | 'waiting' | 'halted' | 'settled';
export type ShotSort = 'story' | 'needs-you' | 'spend' | 'takes';
export type InspectorTab = 'recipe' | 'gates' | 'history';
export type TimeDisplay = 'timecode' | 'frames';
/** Both takes beside each other, or one in the place of the other. */
export type CompareMode = 'side-by-side' | 'flip';

export interface ShotFilters {
  standing: StandingFilter;
  phase: Phase | 'all';
  text: string;
}

/** The takes in the viewer: A is current and left, B is beside it. */
export interface CompareSet {
  a: string | null;
  b: string | null;
}

export const noFilters: ShotFilters = { standing: 'all', phase: 'all', text: '' };
const nothing: CompareSet = { a: null, b: null };

interface ViewState {
  room: Room;
  projectId: string | null;
  episodeId: string | null;
  shotId: string | null;
  compare: CompareSet;
  /** which pane decisions and the inspector speak of */
  side: 'a' | 'b';
  filters: ShotFilters;
  sort: ShotSort;
  inspector: InspectorTab;
  inspectorOpen: boolean;
  timeDisplay: TimeDisplay;
  /** a frame that something outside the viewer asks to see, until the viewer has gone there */
  wantedFrame: { frame: number } | null;
  compareMode: CompareMode;
  chooseRoom: (room: Room) => void;
  chooseProject: (projectId: string | null, episodeId: string | null) => void;
  chooseShot: (shotId: string) => void;
  chooseTake: (takeId: string | null) => void;
  compareWith: (takeId: string | null) => void;
  swapSides: () => void;
  chooseSide: (side: 'a' | 'b') => void;
  showFrame: (frame: number | null) => void;
  set: (
    change: Partial<
      Pick<ViewState, 'filters' | 'sort' | 'inspector' | 'inspectorOpen' | 'timeDisplay' | 'compareMode'>
    >,
  ) => void;
}

/** What the director has chosen to see. Remembered on this machine; never part of the project. */
export const useViewStore = create<ViewState>()(
  persist(
    (set) => ({
      room: 'dailies',
      projectId: null,
      episodeId: null,
      shotId: null,
      compare: nothing,
      side: 'a',
      filters: noFilters,
      sort: 'story',
      inspector: 'recipe',
      inspectorOpen: true,
      timeDisplay: 'timecode',
      compareMode: 'side-by-side',
      wantedFrame: null,
      chooseRoom: (room) => set({ room }),
      chooseProject: (projectId, episodeId) =>
        set((state) =>
          state.projectId === projectId && state.episodeId === episodeId
            ? state
            : { projectId, episodeId, shotId: null, compare: nothing, side: 'a' },
        ),
      chooseShot: (shotId) =>
        set((state) => (state.shotId === shotId ? state : { shotId, compare: nothing, side: 'a' })),
      chooseTake: (takeId) =>
        set((state) => ({ compare: { a: takeId, b: state.compare.b === takeId ? null : state.compare.b }, side: 'a' })),
      compareWith: (takeId) =>
        set((state) => {
          if (takeId === null || takeId === state.compare.b)
            return { compare: { ...state.compare, b: null }, side: 'a' };
          return takeId === state.compare.a ? state : { compare: { ...state.compare, b: takeId } };
        }),
      swapSides: () => set((state) => (state.compare.b === null ? state : { side: state.side === 'a' ? 'b' : 'a' })),
      chooseSide: (side) => set((state) => ({ side: side === 'b' && state.compare.b === null ? 'a' : side })),
      showFrame: (frame) => set({ wantedFrame: frame === null ? null : { frame } }),
      set: (change) => set(change),
    }),
    {
      name: 'circletake.view.v1',
      partialize: (state) => ({
        room: state.room,
        projectId: state.projectId,
        episodeId: state.episodeId,
        shotId: state.shotId,
        sort: state.sort,
        inspector: state.inspector,
        inspectorOpen: state.inspectorOpen,
        timeDisplay: state.timeDisplay,
        compareMode: state.compareMode,
      }),
    },
  ),
);

/** The take that decisions and the inspector speak of. */
export function useCurrentTakeId(): string | null {
  return useViewStore((state) => (state.side === 'b' ? state.compare.b : state.compare.a));
}
