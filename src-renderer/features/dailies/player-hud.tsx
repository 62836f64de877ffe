import type { PlayerSession } from '../../player/player-session.ts';
import { usePlayerSnapshot } from '../../player/use-player.ts';
import { classNames } from '../../ui/class-names.ts';

/** Frames that play left out or painted late, counted since play was pressed. */
export function PlayerHud({ session }: { session: PlayerSession }) {
  const dropped = usePlayerSnapshot(session, (snapshot) => snapshot.droppedFrames);
  const late = usePlayerSnapshot(session, (snapshot) => snapshot.lateFrames);
  const held = usePlayerSnapshot(session, (snapshot) => snapshot.playing && snapshot.buffering);
  return (
    <span
      className="tabular shrink-0 text-2xs leading-3 text-dim"
      title="Since play was pressed: frames that were never shown, and frames that were shown late"
    >
      <span className={classNames('block', dropped > 0 && 'text-eyes')}>{dropped} dropped</span>
      <span className={classNames('block', late > 0 && 'text-eyes')}>{held ? 'holding' : `${late} late`}</span>
    </span>
  );
}
