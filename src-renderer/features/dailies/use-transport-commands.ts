import { useCommands } from '../../app/keyboard/command-bus.ts';
import type { PlayerSession } from '../../player/player-session.ts';
import type { LoopMode } from '../../player/player-types.ts';

const loops: readonly LoopMode[] = ['loop', 'ping-pong', 'once'];
export const speeds = [0.1, 0.25, 0.5, 1, 1.5, 2, 4, 8] as const;

export function nextLoop(mode: LoopMode): LoopMode {
  return loops[(loops.indexOf(mode) + 1) % loops.length] ?? 'loop';
}

/** The next of the offered speeds above (1) or below (-1) a speed. */
function speedBeside(speed: number, step: 1 | -1): number {
  if (step === 1) return speeds.find((offered) => offered > speed + 1e-9) ?? speed;
  return speeds.findLast((offered) => offered < speed - 1e-9) ?? speed;
}

/** Keys of the transport. */
export function useTransportCommands(session: PlayerSession): void {
  const { commands } = session;
  useCommands({
    'play.toggle': commands.toggle,
    'play.back': () => commands.shuttle(-1),
    'play.stop': () => commands.shuttle(0),
    'play.forward': () => commands.shuttle(1),
    'step.back': () => commands.step(-1),
    'step.forward': () => commands.step(1),
    'step.back10': () => commands.step(-10),
    'step.forward10': () => commands.step(10),
    'go.start': commands.goToStart,
    'go.end': commands.goToEnd,
    'mark.in': () => commands.setIn(),
    'mark.out': () => commands.setOut(),
    'mark.clear-in': commands.clearIn,
    'mark.clear-out': commands.clearOut,
    'loop.next': () => commands.setLoop(nextLoop(session.getSnapshot().loop)),
    'speed.slower': () => commands.setSpeed(speedBeside(session.speed, -1)),
    'speed.faster': () => commands.setSpeed(speedBeside(session.speed, 1)),
  });
}
