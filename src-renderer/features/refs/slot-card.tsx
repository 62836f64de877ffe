import { ImagePlus } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { refMediaUrl } from '../../../src-shared/api/media-urls.ts';
import type { RefSlot } from '../../../src-shared/domain/ref.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Poster } from '../../ui/poster.tsx';
import { CandidateDialog } from './candidate-dialog.tsx';
import { slotTitle } from './slot-text.ts';
import { useCandidate } from './use-candidate.ts';

/** One slot with its hero. An image dropped on it is looked at first; nothing changes until it is promoted. */
export function SlotCard(props: { projectId: string; slot: RefSlot; isCurrent: boolean; onChoose: () => void }) {
  const { projectId, slot } = props;
  const { step, offer, cancel, promote } = useCandidate(projectId, slot.slot);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined) => {
    if (!file) return;
    props.onChoose();
    void offer(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <article
      aria-label={slotTitle(slot.slot)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classNames(
        'overflow-hidden rounded border bg-panel',
        over ? 'border-accent ring-2 ring-accent/40' : props.isCurrent ? 'border-accent' : 'border-line',
      )}
    >
      <button
        type="button"
        className="relative block w-full"
        onClick={props.onChoose}
        aria-label={`Show ${slotTitle(slot.slot)}`}
      >
        <Poster
          url={slot.hero === null ? null : refMediaUrl(projectId, slot.hero.sha256)}
          alt={`Hero of ${slotTitle(slot.slot)}`}
          fallback={slot.hero === null ? 'No hero yet' : 'Picture cannot be read'}
          className="h-64 w-full"
        />
        {over ? (
          <span className="absolute inset-0 flex flex-col items-center justify-center gap-2 bg-black/70 text-sm text-ink">
            <ImagePlus className="size-6 text-accent" aria-hidden="true" /> Drop to compare
          </span>
        ) : null}
      </button>
      <footer className="flex items-center gap-2 px-3 py-2">
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-medium">{slotTitle(slot.slot)}</span>
          <span className="tabular block truncate text-xs text-dim">{describe(slot)}</span>
        </span>
        <Button className="h-6 px-2" onClick={() => input.current?.click()}>
          Choose…
        </Button>
      </footer>
      <input
        ref={input}
        type="file"
        accept="image/*"
        aria-label={`Image for ${slotTitle(slot.slot)}`}
        className="hidden"
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
      <CandidateDialog
        projectId={projectId}
        slot={slot}
        step={step}
        onCancel={cancel}
        onPromote={(candidate) => void promote(candidate)}
      />
    </article>
  );
}

function describe(slot: RefSlot): string {
  const size = slot.width === null || slot.height === null ? null : `${slot.width} × ${slot.height}`;
  const users = slot.usedByShots.length === 1 ? '1 shot' : `${slot.usedByShots.length} shots`;
  return [size, users].filter(Boolean).join(' · ');
}
