import { useEffect, useState } from 'react';
import type { ShotLog } from '../../../src-shared/api/attempts-contract.ts';
import { useCommands } from '../../app/keyboard/command-bus.ts';
import { keyOf } from '../../app/keyboard/commands.ts';
import { loadShotLog, useAttemptsStore } from '../../stores/attempts-store.ts';
import { useShot } from '../../stores/project-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Tip } from '../../ui/tip.tsx';
import { TroublePanel } from '../../ui/trouble-panel.tsx';
import { AttemptList } from './attempt-list.tsx';
import { ShotLogList } from './shot-log-list.tsx';

type Tab = 'attempts' | 'log';

/** The chosen shot: where it stands in a sentence, its attempts step by step, its log. */
export function ShotPanel({ projectId }: { projectId: string }) {
  const shotId = useViewStore((state) => state.shotId);
  const shot = useShot(shotId);
  return (
    <aside
      aria-label="Shot"
      className="flex w-[300px] min-[1200px]:w-[380px] min-[1800px]:w-[460px] shrink-0 flex-col border-l bg-panel"
    >
      {shotId === null || shot === null ? (
        <EmptyState
          headline="No shot chosen"
          sentence="Choose one to see its attempts and everything that happened to it."
        />
      ) : (
        <ShotDetails key={shotId} projectId={projectId} shotId={shotId} scene={shot.sceneHeading} />
      )}
    </aside>
  );
}

function ShotDetails({ projectId, shotId, scene }: { projectId: string; shotId: string; scene: string }) {
  const asked = useAttemptsStore((state) => state.logs[shotId]);
  const [tab, setTab] = useState<Tab>('attempts');
  const chooseRoom = useViewStore((state) => state.chooseRoom);
  useCommands({ 'batches.log': () => setTab(tab === 'log' ? 'attempts' : 'log') });
  const isMissing = asked === undefined;
  useEffect(() => {
    if (isMissing) void loadShotLog(projectId, shotId);
  }, [projectId, shotId, isMissing]);
  return (
    <>
      <header className="border-b px-4 pt-3 pb-3">
        <div className="flex items-center gap-2">
          <h2 className="tabular text-base font-semibold">{shotId}</h2>
          <span className="min-w-0 flex-1 truncate text-xs text-dim" title={scene}>
            {scene}
          </span>
          <Tip text="Look at its takes" keys={keyOf('room.dailies')}>
            <Button tone="quiet" onClick={() => chooseRoom('dailies')}>
              Open in Dailies
            </Button>
          </Tip>
        </div>
        <p className="text-selectable mt-1 min-h-8 text-base text-ink">{asked?.value?.explanation ?? ''}</p>
        <div className="mt-2">
          <Segmented
            label="Attempts or log"
            value={tab}
            options={[
              { value: 'attempts', text: `Attempts ${asked?.value ? asked.value.attempts.length : ''}` },
              { value: 'log', text: 'Log' },
            ]}
            onChange={setTab}
          />
        </div>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {asked?.value ? <Content projectId={projectId} log={asked.value} tab={tab} /> : null}
        {asked?.value || !asked?.trouble ? null : (
          <TroublePanel {...asked.trouble}>
            <Button onClick={() => void loadShotLog(projectId, shotId)}>Try again</Button>
          </TroublePanel>
        )}
        {isMissing ? (
          <p role="status" className="p-4 text-sm text-dim">
            Reading the journal…
          </p>
        ) : null}
      </div>
    </>
  );
}

function Content({ projectId, log, tab }: { projectId: string; log: ShotLog; tab: Tab }) {
  return tab === 'log' ? <ShotLogList log={log} /> : <AttemptList projectId={projectId} attempts={log.attempts} />;
}
