import { Share2 } from 'lucide-react';
import type { SharedLearningsView } from '../../../src-shared/api/learning-contract.ts';
import type { HappyAccident, LearningFigures } from '../../../src-shared/domain/learning-report.ts';
import { accidentReasonPhrases, phasePhrases } from '../../../src-shared/phrases.ts';
import { useProjectStore } from '../../stores/project-store.ts';
import { useIsLive } from '../../stores/studio-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { dayAndTime } from '../../ui/time-text.ts';
import { Panel } from './figures-table.tsx';

/** What the figures say clearly enough to be looked at. */
export function SuggestionPanel(props: {
  figures: LearningFigures;
  shared: SharedLearningsView | null;
  onShare: () => void;
}) {
  const { suggestions, rule } = props.figures;
  const known = new Set(props.shared?.findings.map(({ hash }) => hash));
  const isAllKnown = suggestions.every(({ hash }) => known.has(hash));
  const isLive = useIsLive();
  const isRehearsal = useProjectStore((state) => state.snapshot?.project.rehearsal === true);
  return (
    <Panel
      title="Suggestions"
      note={isRehearsal ? `${rule} Of a rehearsal nothing is shared.` : rule}
      action={
        isRehearsal ? null : (
          <Button icon={<Share2 className="size-3.5" />} disabled={isAllKnown || !isLive} onClick={props.onShare}>
            {suggestions.length > 0 && isAllKnown ? 'Shared with all projects' : 'Share with all projects'}
          </Button>
        )
      }
    >
      {suggestions.length === 0 ? (
        <p className="text-sm text-dim">No figure is clear enough yet.</p>
      ) : (
        <ul className="text-selectable divide-y border-t">
          {suggestions.map(({ hash, text, evidence }) => (
            <li key={hash} className="flex gap-2 py-2">
              <Mark shape="eye" tone="eyes" className="mt-0.5" />
              <div>
                <p className="text-base">{text}</p>
                <p className="tabular text-sm text-dim">{evidence}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Takes that a person chose although the gates or the plan did not favour them. */
export function AccidentPanel({ accidents }: { accidents: readonly HappyAccident[] }) {
  return (
    <Panel
      title="Happy accidents"
      note="Chosen by a person although a gate, the plan or a newer take spoke against them."
    >
      {accidents.length === 0 ? (
        <p className="text-sm text-dim">None yet.</p>
      ) : (
        <ul className="max-h-64 divide-y overflow-y-auto border-t">
          {accidents.map((accident) => (
            <Accident key={accident.takeId} accident={accident} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Accident({ accident }: { accident: HappyAccident }) {
  const { chooseRoom, chooseShot, chooseTake } = useViewStore();
  const go = () => {
    chooseShot(accident.shotId);
    chooseTake(accident.takeId);
    chooseRoom('dailies');
  };
  return (
    <li className="py-1.5 text-sm">
      <button
        type="button"
        onClick={go}
        className="tabular rounded underline decoration-edge underline-offset-2 hover:text-ink"
      >
        {accident.takeId}
      </button>{' '}
      <span className="text-dim">
        {phasePhrases[accident.phase]} · {accident.reasons.map((reason) => accidentReasonPhrases[reason]).join(', ')}
      </span>
      {accident.note ? <p className="text-selectable text-soft">“{accident.note}”</p> : null}
    </li>
  );
}

/** What all projects of this user have learned. */
export function SharedPanel({ shared }: { shared: SharedLearningsView }) {
  return (
    <Panel
      title="Known to all projects"
      note={`Kept in ${shared.displayPath}; figures as they were when a finding was new.`}
    >
      {shared.findings.length === 0 ? (
        <p className="text-sm text-dim">Nothing was shared yet.</p>
      ) : (
        <ul className="text-selectable max-h-64 divide-y overflow-y-auto border-t">
          {shared.findings.map((finding) => (
            <li key={finding.hash} className="py-1.5 text-sm">
              <p>{finding.text}</p>
              <p className="tabular text-xs text-dim">
                {finding.evidence} {finding.project}, {dayAndTime(finding.found_at)}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
