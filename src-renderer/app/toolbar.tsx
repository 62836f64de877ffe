import { CircleHelp, Settings } from 'lucide-react';
import { IconButton } from '../ui/button.tsx';
import { BatchControls } from './batch-controls.tsx';
import { runCommand } from './keyboard/command-bus.ts';
import { keyOf } from './keyboard/commands.ts';
import { LineStatus } from './line-status.tsx';
import { ProblemsTray } from './problems-tray.tsx';
import { ProjectPicker } from './project-picker.tsx';
import { RoomTabs } from './room-tabs.tsx';
import { SpendMeter } from './spend-meter.tsx';

/** Always there: where we are, how the line is going, what it costs, and the batch. */
export function Toolbar() {
  return (
    <header className="flex h-11 shrink-0 items-center gap-1 border-b bg-panel px-3 min-[1200px]:gap-2">
      <RoomTabs />
      <div className="mx-1 h-5 w-px bg-edge" />
      <ProjectPicker />
      <div className="flex-1" />
      <LineStatus />
      <SpendMeter />
      <div className="mx-1 h-5 w-px bg-edge" />
      <BatchControls />
      <ProblemsTray />
      <IconButton label="Settings" keys={keyOf('app.settings')} onClick={() => runCommand('app.settings')}>
        <Settings className="size-4" />
      </IconButton>
      <IconButton label="Keyboard" keys={keyOf('app.keys')} onClick={() => runCommand('app.keys')}>
        <CircleHelp className="size-4" />
      </IconButton>
    </header>
  );
}
