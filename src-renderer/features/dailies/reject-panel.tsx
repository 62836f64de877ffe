import { X } from 'lucide-react';
import { useRef, useState } from 'react';
import { type RejectReason, rejectReasons } from '../../../src-shared/domain/review.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import { rejectReasonPhrases } from '../../../src-shared/phrases.ts';
import { useCommands, useKeyLayer } from '../../app/keyboard/command-bus.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { KeyCap } from '../../ui/key-cap.tsx';
import { TextField } from '../../ui/text-field.tsx';

/** Why another take: chips 1 to 9 and a note. X again or Enter commits, so a bare rejection is two keys. */
export function RejectPanel(props: {
  take: Take;
  onClose: () => void;
  onReject: (why: { reasons: RejectReason[]; note: string }) => void;
}) {
  const [chosen, setChosen] = useState<readonly RejectReason[]>([]);
  const [note, setNote] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const toggle = (reason: RejectReason) =>
    setChosen((known) => (known.includes(reason) ? known.filter((one) => one !== reason) : [...known, reason]));
  const commit = () => {
    props.onReject({ reasons: rejectReasons.filter((reason) => chosen.includes(reason)), note: note.trim() });
    props.onClose();
  };
  const chip = (index: number) => () => {
    const reason = rejectReasons[index];
    if (reason) toggle(reason);
  };
  useKeyLayer('reject');
  useCommands({
    'reason.1': chip(0),
    'reason.2': chip(1),
    'reason.3': chip(2),
    'reason.4': chip(3),
    'reason.5': chip(4),
    'reason.6': chip(5),
    'reason.7': chip(6),
    'reason.8': chip(7),
    'reason.9': chip(8),
    'reject.commit': commit,
    'reject.note': () => field.current?.focus(),
    'reject.cancel': props.onClose,
  });
  return (
    <section
      aria-label={`Reject ${props.take.id}`}
      className="absolute inset-x-0 bottom-0 z-10 space-y-2 border-t border-bad/60 bg-panel px-3 pt-2.5 pb-2 shadow-[0_-8px_24px_rgb(0_0_0/0.5)]"
    >
      <div className="flex flex-wrap items-center gap-1.5">
        <span className="mr-1 text-sm text-bad">Reject T{props.take.number}: another take because of</span>
        {rejectReasons.map((reason, index) => {
          const isOn = chosen.includes(reason);
          return (
            <button
              key={reason}
              type="button"
              aria-pressed={isOn}
              onClick={() => toggle(reason)}
              className={classNames(
                'flex h-6 items-center gap-1.5 rounded-full border px-2 text-xs',
                isOn ? 'border-bad bg-bad/25 text-ink' : 'border-edge text-soft hover:bg-hover',
              )}
            >
              <KeyCap>{String(index + 1)}</KeyCap>
              {isOn ? '✕ ' : ''}
              {rejectReasonPhrases[reason]}
            </button>
          );
        })}
      </div>
      <div className="flex items-center gap-2">
        <TextField
          ref={field}
          aria-label="Note for the next take"
          placeholder="What should be different in the next take?  (N)"
          className="min-w-0 flex-1"
          maxLength={4000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        <Button tone="bad" keys="X" icon={<X className="size-4" />} onClick={commit}>
          Reject
        </Button>
        <Button tone="quiet" keys="Esc" onClick={props.onClose}>
          Keep
        </Button>
      </div>
    </section>
  );
}
