import type { ShotLog } from '../../../src-shared/api/attempts-contract.ts';
import type { ShotLogLine } from '../../../src-shared/domain/attempt-step.ts';
import { phasePhrases } from '../../../src-shared/phrases.ts';
import { classNames } from '../../ui/class-names.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { CopyTextButton } from '../../ui/hash-text.tsx';
import { Moment } from '../../ui/moment.tsx';

const tones: Record<ShotLogLine['tone'], string> = {
  plain: 'text-soft',
  good: 'text-good',
  eyes: 'text-eyes',
  bad: 'text-bad',
};

/** Everything that happened to the shot, in order, as people say it. */
export function ShotLogList({ log }: { log: ShotLog }) {
  if (log.lines.length === 0)
    return <EmptyState headline="Nothing happened yet" sentence={`The journal says nothing of ${log.shotId}.`} />;
  return (
    <>
      <div className="flex items-center justify-between px-4 pt-2">
        <span className="text-xs text-dim">{log.truncated ? 'The newest lines of its journal' : 'Oldest first'}</span>
        <CopyTextButton text={log.lines.map(textOf).join('\n')}>Copy</CopyTextButton>
      </div>
      <ol aria-label="Log of the shot" className="px-4 pb-4">
        {log.lines.map((line) => (
          <li key={line.seq} className="flex gap-2 py-0.5 text-sm">
            <Moment at={line.at} className="min-w-14 shrink-0 text-xs leading-4 text-dim" />
            <span className={classNames('text-selectable min-w-0 flex-1 break-words', tones[line.tone])}>
              {line.phase === null ? null : <span className="text-dim">{phasePhrases[line.phase]} · </span>}
              {line.text}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

function textOf({ at, phase, text }: ShotLogLine): string {
  return [at, phase === null ? '' : phasePhrases[phase], text].join('\t');
}
