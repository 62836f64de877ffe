import { Columns2, Expand, FlipHorizontal2, PanelRight, Scan } from 'lucide-react';
import { runCommand } from '../../app/keyboard/command-bus.ts';
import { keyOf } from '../../app/keyboard/commands.ts';
import type { PlayerSession } from '../../player/player-session.ts';
import { usePlayerSnapshot } from '../../player/use-player.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { speeds } from './use-transport-commands.ts';

/** Speed, size of the picture, compare mode and the inspector's switch. */
export function ViewButtons({ session }: { session: PlayerSession }) {
  const mode = usePlayerSnapshot(session, (snapshot) => snapshot.view.mode);
  const { compare, compareMode, inspectorOpen, side } = useViewStore();
  return (
    <>
      <SpeedMenu session={session} />
      <IconButton
        label="Fit the picture"
        keys={keyOf('view.fit')}
        pressed={mode === 'fit'}
        onClick={() => session.commands.fit()}
      >
        <Expand className="size-4" />
      </IconButton>
      <IconButton
        label="One to one"
        keys={keyOf('view.actual')}
        pressed={mode === 'actual'}
        onClick={() => session.commands.actualSize()}
      >
        <Scan className="size-4" />
      </IconButton>
      <div className="mx-1 h-4 w-px bg-edge" />
      <IconButton
        label={compare.b === null ? 'Compare with the take before' : 'Close B'}
        keys={keyOf('compare.add')}
        pressed={compare.b !== null}
        onClick={() => runCommand('compare.add')}
      >
        <Columns2 className="size-4" />
      </IconButton>
      {compare.b === null ? null : (
        <>
          <IconButton
            label={compareMode === 'flip' ? 'Flip: one in the place of the other' : 'Side by side'}
            keys={keyOf('compare.mode')}
            pressed={compareMode === 'flip'}
            onClick={() => runCommand('compare.mode')}
          >
            <FlipHorizontal2 className="size-4" />
          </IconButton>
          <Button
            tone="quiet"
            className="px-1.5"
            keys={keyOf('compare.flip')}
            onClick={() => runCommand('compare.flip')}
            aria-label={`Current side ${side.toUpperCase()}; change`}
          >
            {side.toUpperCase()}
          </Button>
        </>
      )}
      <IconButton
        label="Inspector"
        keys={keyOf('inspect.toggle')}
        pressed={inspectorOpen}
        onClick={() => runCommand('inspect.toggle')}
      >
        <PanelRight className="size-4" />
      </IconButton>
    </>
  );
}

function SpeedMenu({ session }: { session: PlayerSession }) {
  const speed = usePlayerSnapshot(session, (snapshot) => snapshot.speed);
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          aria-label="Speed"
          title={`Speed (${keyOf('speed.slower')} ${keyOf('speed.faster')})`}
          className="tabular h-7 rounded px-1.5 text-sm text-soft hover:bg-hover"
        >
          {speed}×
        </button>
      }
    >
      {speeds.map((offered) => (
        <MenuItem key={offered} checked={offered === speed} onSelect={() => session.commands.setSpeed(offered)}>
          <span className="tabular">{offered}×</span>
        </MenuItem>
      ))}
    </Menu>
  );
}
