import type { LearningFigures } from '../../../src-shared/domain/learning-report.ts';
import { loadLearning, shareLearning, useLearningStore } from '../../stores/learning-store.ts';
import { useProjectId } from '../../stores/project-store.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TroublePanel } from '../../ui/trouble-panel.tsx';
import { CostPanel } from './cost-panel.tsx';
import { AccidentPanel, SharedPanel, SuggestionPanel } from './finding-panels.tsx';
import { countText } from './learning-text.ts';
import { EnginePanel, GatePanel, RepeatPanel, ShotTypePanel } from './rate-panels.tsx';
import { StationPanel } from './station-panel.tsx';
import { useReport } from './use-report.ts';

/** What gates, people, repeats and money have taught. It tells; it changes nothing. */
export function LearningRoom() {
  const projectId = useProjectId();
  const load = useLearningStore((state) => state.load);
  const report = useLearningStore((state) => state.report);
  useReport(projectId);
  if (projectId === null) return null;
  if (load.kind === 'refused') {
    return (
      <TroublePanel {...load.trouble}>
        <Button onClick={() => void loadLearning(projectId)}>Try again</Button>
      </TroublePanel>
    );
  }
  if (report === null) {
    return (
      <p role="status" className="flex flex-1 items-center justify-center text-base text-dim">
        Adding up what was learned…
      </p>
    );
  }
  if (report.status === 'no_data') {
    return (
      <EmptyState
        headline="Nothing learned yet"
        sentence="Once gates and people have judged takes, this room shows what passes, what repeats bring and what an approved second costs."
      />
    );
  }
  return <Figures projectId={projectId} figures={report} />;
}

function Figures({ projectId, figures }: { projectId: string; figures: LearningFigures }) {
  const shared = useLearningStore((state) => state.shared);
  return (
    <main
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a page that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Learning"
      className="min-h-0 flex-1 overflow-y-auto px-6 py-5 focus-visible:-outline-offset-2"
    >
      <div className="mx-auto max-w-[2200px]">
        <h2 className="text-xl font-semibold">Learning</h2>
        <p className="tabular mb-4 text-sm text-soft">
          {countText(figures.verdicts, 'attempt')} judged · {countText(figures.decisions, 'decision')} by people,{' '}
          {figures.overrides} against a gate
          <span className="ml-4 text-dim">Point: the rate. Bar: its 95 % interval. Hollow: fewer than 20 cases.</span>
        </p>
        <SuggestionPanel figures={figures} shared={shared} onShare={() => void shareLearning(projectId)} />
        <div className="mt-4 grid items-start gap-4 min-[1180px]:grid-cols-2">
          <div className="min-w-0 space-y-4">
            <EnginePanel figures={figures} />
            <GatePanel figures={figures} />
            <RepeatPanel figures={figures} />
            <CostPanel costs={figures.costs} />
            <AccidentPanel accidents={figures.accidents} />
          </div>
          <div className="min-w-0 space-y-4">
            <ShotTypePanel figures={figures} />
            <StationPanel stations={figures.stations} />
            {shared === null ? null : <SharedPanel shared={shared} />}
          </div>
        </div>
      </div>
    </main>
  );
}
