import { create } from 'zustand';
import type { KnownProject } from '../../src-shared/api/projects-contract.ts';
import type { SystemInfo } from '../../src-shared/api/system-contract.ts';
import type { Trouble } from '../api/trouble.ts';

/** `starting`: first contact; `gone`: no first answer; `ended`: it answers, but not to this window's session any more. */
export type StudioConnection = 'starting' | 'live' | 'reconnecting' | 'gone' | 'ended';

interface StudioState {
  connection: StudioConnection;
  /** when the connection was lost, as Date.now() */
  lostAt: number | null;
  projects: readonly KnownProject[] | null;
  info: SystemInfo | null;
  trouble: Trouble | null;
}

/** What is known of the Studio itself: its projects, its version and checks, and whether it answers. */
export const useStudioStore = create<StudioState>(() => ({
  connection: 'starting',
  lostAt: null,
  projects: null,
  info: null,
  trouble: null,
}));

export function setConnection(connection: StudioConnection): void {
  useStudioStore.setState((state) => ({
    connection,
    lostAt: connection === 'live' ? null : (state.lostAt ?? Date.now()),
  }));
}

/** Whether the Studio answers: while it does not, what would change something there is not offered. */
export function useIsLive(): boolean {
  return useStudioStore((state) => state.connection === 'live');
}
