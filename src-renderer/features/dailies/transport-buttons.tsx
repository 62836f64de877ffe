import {
  ChevronFirst,
  ChevronLast,
  ChevronLeft,
  ChevronRight,
  MoveHorizontal,
  Pause,
  Play,
  Repeat,
  Repeat1,
} from 'lucide-react';
import { keyOf } from '../../app/keyboard/commands.ts';
import type { PlayerSession } from '../../player/player-session.ts';
import type { LoopMode } from '../../player/player-types.ts';
import { usePlayerSnapshot } from '../../player/use-player.ts';
import { IconButton } from '../../ui/button.tsx';
import { nextLoop } from './use-transport-commands.ts';

const loopNames: Record<LoopMode, string> = { loop: 'Loop', 'ping-pong': 'Ping-pong', once: 'Play once' };

/** Step, play both ways, ends, and what happens at the end. */
export function TransportButtons({ session }: { session: PlayerSession }) {
  const { commands } = session;
  const playing = usePlayerSnapshot(session, (snapshot) => (snapshot.playing ? snapshot.direction : 0));
  const loop = usePlayerSnapshot(session, (snapshot) => snapshot.loop);
  return (
    <div role="toolbar" aria-label="Transport" className="flex shrink-0 items-center gap-0.5">
      <IconButton label="First frame" keys={keyOf('go.start')} onClick={commands.goToStart}>
        <ChevronFirst className="size-4" />
      </IconButton>
      <IconButton label="One frame back" keys={keyOf('step.back')} onClick={() => commands.step(-1)}>
        <ChevronLeft className="size-4" />
      </IconButton>
      <IconButton
        label={playing === -1 ? 'Stop' : 'Play backwards'}
        keys={keyOf(playing === -1 ? 'play.stop' : 'play.back')}
        pressed={playing === -1}
        onClick={() => (playing === -1 ? commands.pause() : commands.playReverse())}
      >
        {playing === -1 ? (
          <Pause className="size-4 fill-current" />
        ) : (
          <Play className="size-4 rotate-180 fill-current" />
        )}
      </IconButton>
      <IconButton
        label={playing === 1 ? 'Stop' : 'Play'}
        keys={keyOf('play.toggle')}
        pressed={playing === 1}
        className="mx-0.5 size-8 bg-raised"
        onClick={() => (playing === 1 ? commands.pause() : commands.play())}
      >
        {playing === 1 ? <Pause className="size-4.5 fill-current" /> : <Play className="size-4.5 fill-current" />}
      </IconButton>
      <IconButton label="One frame on" keys={keyOf('step.forward')} onClick={() => commands.step(1)}>
        <ChevronRight className="size-4" />
      </IconButton>
      <IconButton label="Last frame" keys={keyOf('go.end')} onClick={commands.goToEnd}>
        <ChevronLast className="size-4" />
      </IconButton>
      <IconButton
        label={`At the end: ${loopNames[loop]}`}
        keys={keyOf('loop.next')}
        onClick={() => commands.setLoop(nextLoop(loop))}
      >
        {loop === 'once' ? (
          <Repeat1 className="size-4" />
        ) : loop === 'loop' ? (
          <Repeat className="size-4" />
        ) : (
          <MoveHorizontal className="size-4" />
        )}
      </IconButton>
    </div>
  );
}
