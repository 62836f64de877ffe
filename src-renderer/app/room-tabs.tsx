import { useAttemptsStore } from '../stores/attempts-store.ts';
import { type Room, useViewStore } from '../stores/view-store.ts';
import { classNames } from '../ui/class-names.ts';
import { Tip } from '../ui/tip.tsx';
import { useCommands } from './keyboard/command-bus.ts';
import { keyOf } from './keyboard/commands.ts';

type RoomCommand = 'room.dailies' | 'room.refs' | 'room.batches' | 'room.learning';

const rooms: readonly { room: Room; text: string; command: RoomCommand }[] = [
  { room: 'dailies', text: 'Dailies', command: 'room.dailies' },
  { room: 'refs', text: 'Refs', command: 'room.refs' },
  { room: 'batches', text: 'Batches', command: 'room.batches' },
  { room: 'learning', text: 'Learning', command: 'room.learning' },
];

/** One tab for each room that exists. */
export function RoomTabs() {
  const current = useViewStore((state) => state.room);
  const choose = useViewStore((state) => state.chooseRoom);
  const doubts = useAttemptsStore((state) => state.doubts.value?.length ?? 0);
  useCommands({
    'room.dailies': () => choose('dailies'),
    'room.refs': () => choose('refs'),
    'room.batches': () => choose('batches'),
    'room.learning': () => choose('learning'),
  });
  return (
    <nav aria-label="Rooms" className="flex h-full">
      {rooms.map(({ room, text, command }) => (
        <Tip key={room} text={text} keys={keyOf(command)}>
          <button
            type="button"
            aria-current={current === room ? 'page' : undefined}
            onClick={() => choose(room)}
            className={classNames(
              'relative h-full px-2 text-base min-[1200px]:px-3',
              current === room
                ? 'font-medium text-ink after:absolute after:inset-x-2 after:bottom-0 after:h-0.5 after:bg-accent'
                : 'text-dim hover:text-ink',
            )}
          >
            {text}
            {room === 'batches' && doubts > 0 ? <DoubtBadge count={doubts} /> : null}
          </button>
        </Tip>
      ))}
    </nav>
  );
}

function DoubtBadge({ count }: { count: number }) {
  const text = count === 1 ? '1 attempt in doubt' : `${count} attempts in doubt`;
  return (
    <span
      role="img"
      aria-label={text}
      title={text}
      className="tabular ml-1.5 rounded-full bg-eyes/20 px-1.5 text-xs text-eyes"
    >
      {count}
    </span>
  );
}
