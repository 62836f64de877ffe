import { Tooltip } from 'radix-ui';
import { useEffect } from 'react';
import { startStudio } from '../stores/project-session.ts';
import { useProjectStore } from '../stores/project-store.ts';
import { useStudioStore } from '../stores/studio-store.ts';
import { useKeyboard } from './keyboard/command-bus.ts';
import { KeyboardList } from './keyboard/keyboard-list.tsx';
import { RehearsalBanner } from './rehearsal-banner.tsx';
import { RoomView } from './room-view.tsx';
import { SettingsHost } from './settings-host.tsx';
import { StudioGone } from './studio-gone.tsx';
import { Toasts } from './toasts.tsx';
import { Toolbar } from './toolbar.tsx';
import { useBatchNotices } from './use-batch-notices.ts';
import { useShell } from './use-shell.ts';
import { useStrayDrops } from './use-stray-drops.ts';
import { useWindowTitle } from './use-window-title.ts';
import { Welcome } from './welcome.tsx';

/** The whole window: toolbar, the room, and what lies over them. */
export function App() {
  useKeyboard();
  useShell();
  useBatchNotices();
  useWindowTitle();
  useStrayDrops();
  useEffect(() => {
    void startStudio();
  }, []);
  return (
    <Tooltip.Provider delayDuration={500} skipDelayDuration={200}>
      <div className="flex h-full flex-col">
        <Body />
      </div>
      <KeyboardList />
      <SettingsHost />
      <Toasts />
    </Tooltip.Provider>
  );
}

function Body() {
  const connection = useStudioStore((state) => state.connection);
  const projects = useStudioStore((state) => state.projects);
  const load = useProjectStore((state) => state.load);
  if (projects === null) return connection === 'gone' ? <StudioGone /> : <Starting />;
  if (load.kind === 'none') return <Welcome />;
  return (
    <>
      <RehearsalBanner />
      <Toolbar />
      <RoomView />
    </>
  );
}

function Starting() {
  return (
    <div role="status" className="flex h-full items-center justify-center text-base text-dim">
      Reaching the Studio…
    </div>
  );
}
