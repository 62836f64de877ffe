import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { PlayerSessionOptions } from './player-session.ts';
import { PlayerSession } from './player-session.ts';
import type { PaneSource, PlayerSnapshot } from './player-types.ts';

/** A session that lives as long as the component; the sources go into its panes in order. Null until mounted. */
export function usePlayerSession(
  sources: readonly (PaneSource | null)[],
  options: PlayerSessionOptions = {},
): PlayerSession | null {
  const [session, setSession] = useState<PlayerSession | null>(null);
  const optionsRef = useRef(options);
  useEffect(() => {
    const created = new PlayerSession(optionsRef.current);
    setSession(created);
    return () => created.dispose();
  }, []);
  useEffect(() => {
    if (!session) return;
    session.setPaneCount(sources.length);
    sources.forEach((source, paneIndex) => {
      session.setSource(paneIndex, source);
    });
  }, [session, sources]);
  return session;
}

/** A part of the session's snapshot; the component renders again only when that part is another value. */
export function usePlayerSnapshot<T>(session: PlayerSession, select: (snapshot: PlayerSnapshot) => T): T {
  return useSyncExternalStore(session.subscribe, () => select(session.getSnapshot()));
}
