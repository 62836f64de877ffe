import { type FormEvent, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/text-field.tsx';

/** Another take is circled already: changing that asks why. */
export function WhyDialog(props: {
  approvedTakeId: string;
  takeId: string;
  onClose: () => void;
  onSay: (note: string) => void;
}) {
  const [note, setNote] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (note.trim() === '') return;
    props.onSay(note.trim());
    props.onClose();
  };
  return (
    <Dialog open onClose={props.onClose} title="Another take is circled">
      <form onSubmit={submit} className="space-y-3 p-4">
        <p className="text-sm text-soft">
          {props.approvedTakeId} is approved for this phase. {props.takeId} takes its place; the reason goes into the
          record.
        </p>
        <TextArea
          autoFocus
          aria-label="Why"
          placeholder="Why is this one better?"
          className="w-full"
          value={note}
          onChange={(event) => setNote(event.target.value)}
          onKeyDown={(event) => (event.key === 'Enter' && !event.shiftKey ? submit(event) : undefined)}
        />
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={props.onClose}>
            Keep {props.approvedTakeId.slice(props.approvedTakeId.lastIndexOf('_') + 1)}
          </Button>
          <Button tone="good" type="submit" disabled={note.trim() === ''}>
            Circle this one instead
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
