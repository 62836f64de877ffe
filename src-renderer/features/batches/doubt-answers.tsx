import { type FormEvent, useState } from 'react';
import { doubtAnswerPhrases } from '../../../src-shared/attempt-phrases.ts';
import type { Doubt, DoubtAnswer } from '../../../src-shared/domain/attempt-step.ts';
import { shortShotId } from '../../../src-shared/domain/ids.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import { studio } from '../../api/client.ts';
import { loadDoubts } from '../../stores/attempts-store.ts';
import { useIsLive } from '../../stores/studio-store.ts';
import { showToast, showTrouble } from '../../stores/toast-store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Labelled } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Tip } from '../../ui/tip.tsx';

/** The four ways out. Those that end the doubt by a person's word are asked for twice. */
export function DoubtAnswers(props: {
  projectId: string;
  doubt: Doubt;
  jobId: string;
  onJobId: (jobId: string) => void;
}) {
  const { projectId, doubt, jobId } = props;
  const { attempt } = doubt;
  const [asking, setAsking] = useState<'release' | 'charged' | null>(null);
  const [giving, setGiving] = useState(false);
  const busy = !useIsLive() || giving;
  const give = async (answer: DoubtAnswer) => {
    setAsking(null);
    if (busy) return;
    setGiving(true);
    try {
      await studio.attempts.settleDoubt({ projectId, attemptId: attempt.id, answer });
      const sentence = doubtAnswerPhrases[answer.kind].sentence;
      showToast({
        tone: 'done',
        headline: `${shortShotId(attempt.shotId)}: ${doubtAnswerPhrases[answer.kind].done}`,
        sentence,
      });
    } catch (error) {
      showTrouble(error);
    }
    await loadDoubts(projectId);
    setGiving(false);
  };
  const adopt = (event: FormEvent) => {
    event.preventDefault();
    if (jobId.trim() !== '') void give({ kind: 'adopt', jobId: jobId.trim() });
  };
  return (
    <footer className="flex flex-wrap items-end gap-2 border-t bg-floor px-4 py-3">
      <form onSubmit={adopt} className="flex items-end gap-2">
        <Labelled text="Job at the engine">
          {(id) => (
            <TextField
              id={id}
              className="w-56 font-mono"
              placeholder="choose above, or type its id"
              value={jobId}
              onChange={(event) => props.onJobId(event.target.value)}
            />
          )}
        </Labelled>
        <Tip text={doubtAnswerPhrases.adopt.sentence}>
          <Button tone="primary" type="submit" disabled={jobId.trim() === ''} busy={busy}>
            {doubtAnswerPhrases.adopt.action}
          </Button>
        </Tip>
      </form>
      <span className="flex-1" />
      <Tip text={doubtAnswerPhrases.release.sentence}>
        <Button busy={busy} onClick={() => setAsking('release')}>
          {doubtAnswerPhrases.release.action}
        </Button>
      </Tip>
      <Tip text={doubtAnswerPhrases.charged.sentence}>
        <Button busy={busy} onClick={() => setAsking('charged')}>
          {doubtAnswerPhrases.charged.action}
        </Button>
      </Tip>
      <Tip text={doubtAnswerPhrases.wait.sentence}>
        <Button tone="quiet" busy={busy} onClick={() => void give({ kind: 'wait' })}>
          {doubtAnswerPhrases.wait.action}
        </Button>
      </Tip>
      {asking === null ? null : (
        <SureDialog
          answer={asking}
          held={formatUsd(attempt.reservedMicroUsd)}
          onClose={() => setAsking(null)}
          onSure={() => void give({ kind: asking })}
        />
      )}
    </footer>
  );
}

function SureDialog(props: { answer: 'release' | 'charged'; held: string; onClose: () => void; onSure: () => void }) {
  const { action, sentence } = doubtAnswerPhrases[props.answer];
  const check =
    props.answer === 'release'
      ? 'Look at the engine’s own page first: if it did take the request, another attempt is paid a second time.'
      : `${props.held} counts as spent from now on, and the shot has no take for it.`;
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={`${action}?`}
      footer={
        <>
          <Button tone="quiet" onClick={props.onClose}>
            Leave it in doubt
          </Button>
          <Button tone={props.answer === 'charged' ? 'bad' : 'primary'} onClick={props.onSure}>
            {action}
          </Button>
        </>
      }
    >
      <div className="space-y-2 p-4 text-sm text-soft">
        <p>{sentence}</p>
        <p>{check}</p>
      </div>
    </Dialog>
  );
}
