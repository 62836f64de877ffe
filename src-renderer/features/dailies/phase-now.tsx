import { isInFlight } from '../../../src-shared/domain/production-state.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import { phasePhrases, phraseOfPhase, stateSentences } from '../../../src-shared/phrases.ts';
import { Elapsed } from '../../ui/elapsed.tsx';
import { StateMark } from '../../ui/state-mark.tsx';

/** What the line is doing for a phase now, for how long, and what comes next. */
export function PhaseNow({ phase }: { phase: ShotPhase }) {
  const isTimed = isInFlight(phase.state) || phase.state === 'remediating';
  return (
    <span className="flex items-start gap-2 text-left">
      <span className="pt-0.5">
        <StateMark state={phase.state} />
      </span>
      <span>
        <span className="text-soft">
          {phasePhrases[phase.phase]} · {phraseOfPhase(phase)}
          {isTimed ? (
            <>
              {' '}
              <Elapsed since={phase.enteredAt} />
            </>
          ) : null}
        </span>
        <span className="block text-dim">{phase.reason ?? stateSentences[phase.state]}</span>
        {phase.retryAt === null ? null : (
          <span className="block text-dim">
            Next attempt in <Elapsed until={phase.retryAt} />
          </span>
        )}
      </span>
    </span>
  );
}
