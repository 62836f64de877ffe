import { takeMediaUrl } from '../../../src-shared/api/media-urls.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import { frameToSeconds } from '../../../src-shared/domain/timecode.ts';
import type { PlayerSession } from '../../player/player-session.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { spriteStyle, tileAtSeconds, tileBox } from './filmstrip-tile.ts';
import { showFrame } from './frame-text.ts';
import { frameAtShare } from './timeline-geometry.ts';

const room = { width: 160, height: 160 };

/** What lies under the pointer: frame number and, where there is a filmstrip, its picture. */
export function TimelineHover(props: {
  session: PlayerSession;
  projectId: string;
  take: Take;
  share: number;
  count: number;
}) {
  const { take, count } = props;
  const display = useViewStore((state) => state.timeDisplay);
  const rate = props.session.getSnapshot().frameRate;
  const frame = frameAtShare(props.share, count);
  const strip = take.prepared?.filmstrip ?? null;
  const box = strip === null ? null : tileBox(strip, room);
  return (
    <div
      className="pointer-events-none absolute bottom-full z-20 mb-1 flex -translate-x-1/2 flex-col items-center rounded border border-edge bg-raised p-1 shadow-lg shadow-black/60"
      style={{ left: `clamp(90px, ${props.share * 100}%, calc(100% - 90px))` }}
    >
      {strip === null || box === null ? null : (
        <div
          className="mb-1 bg-well"
          style={{
            ...box,
            backgroundImage: `url("${takeMediaUrl(props.projectId, take, 'filmstrip')}")`,
            ...spriteStyle(strip, tileAtSeconds(strip, frameToSeconds(frame, rate)), box),
          }}
        />
      )}
      <span className="tabular font-mono text-xs text-soft">{showFrame(frame, rate, display)}</span>
    </div>
  );
}
