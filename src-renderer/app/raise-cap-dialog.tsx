import { type FormEvent, useState } from 'react';
import { type Batch, committedMicroUsd, remainingMicroUsd } from '../../src-shared/domain/batch.ts';
import { formatUsd, parseUsd, usdNumber } from '../../src-shared/domain/money.ts';
import { studio } from '../api/client.ts';
import { useProjectStore } from '../stores/project-store.ts';
import { useIsLive } from '../stores/studio-store.ts';
import { showTrouble } from '../stores/toast-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Labelled } from '../ui/labelled.tsx';
import { TextField } from '../ui/text-field.tsx';

/** A batch that reached its cap goes on under a higher one. */
export function RaiseCapDialog(props: { projectId: string; batch: Batch; onClose: () => void }) {
  const { spend } = props.batch;
  const project = useProjectStore((state) => state.snapshot?.spend ?? null);
  const [text, setText] = useState(String(usdNumber(spend.capMicroUsd) * 2));
  const [calling, setCalling] = useState(false);
  const busy = !useIsLive() || calling;
  const cap = parseUsd(text);
  const isHigher = cap !== null && cap > committedMicroUsd(spend);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (cap === null || !isHigher || busy) return;
    setCalling(true);
    const one = { projectId: props.projectId, batchId: props.batch.id };
    const raise = async () => {
      // A cap is raised by going on under a higher one, so a batch at work stops for a moment.
      if (props.batch.status === 'running') await studio.batches.pause(one);
      await studio.batches.resume({ ...one, budgetMicroUsd: cap });
    };
    await raise().then(props.onClose, showTrouble);
    setCalling(false);
  };
  return (
    <Dialog open onClose={props.onClose} title="Raise the cap">
      <form onSubmit={(event) => void submit(event)} className="space-y-3 p-4">
        <p className="text-sm text-soft">
          {formatUsd(committedMicroUsd(spend))} of {formatUsd(spend.capMicroUsd)} is bound. The line goes on under the
          new cap.
        </p>
        <Labelled text="New cap in US dollars">
          {(id) => (
            <TextField id={id} className="w-32" value={text} onChange={(event) => setText(event.target.value)} />
          )}
        </Labelled>
        {/* always a line, so that the buttons stay where they are while a number is typed */}
        <p className="min-h-4 text-xs text-dim">
          {isHigher ? null : <span className="text-eyes">▲ Give more than what is bound already.</span>}
          {isHigher && project && cap - committedMicroUsd(spend) > remainingMicroUsd(project)
            ? `The project itself has ${formatUsd(remainingMicroUsd(project))} left: the line stops there.`
            : null}
        </p>
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={props.onClose}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" disabled={!isHigher} busy={busy}>
            Raise and resume
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
