import type { ReactNode } from 'react';
import { refMediaUrl, uploadMediaUrl } from '../../../src-shared/api/media-urls.ts';
import type { RefCandidate, RefSlot } from '../../../src-shared/domain/ref.ts';
import { useShots } from '../../stores/project-store.ts';
import { Button } from '../../ui/button.tsx';
import { showBytes } from '../../ui/bytes-text.ts';
import { showCount } from '../../ui/count-text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { HashText } from '../../ui/hash-text.tsx';
import { Poster } from '../../ui/poster.tsx';
import { TroublePanel } from '../../ui/trouble-panel.tsx';
import { slotTitle, takesThatStay } from './slot-text.ts';
import type { CandidateStep } from './use-candidate.ts';

/** The new image beside the present hero, with what a promotion would touch. */
export function CandidateDialog(props: {
  projectId: string;
  slot: RefSlot;
  step: CandidateStep;
  onCancel: () => void;
  onPromote: (candidate: RefCandidate) => void;
}) {
  const { step, slot, onCancel } = props;
  if (step.kind === 'none') return null;
  const candidate = step.kind === 'ready' || step.kind === 'promoting' ? step.candidate : null;
  return (
    <Dialog
      open
      wide
      onClose={onCancel}
      title={`New hero for ${slot.slot.subjectId} · ${slotTitle(slot.slot)}`}
      footer={
        <>
          <Button tone="quiet" onClick={onCancel}>
            {step.kind === 'refused' ? 'Close' : 'Cancel'}
          </Button>
          {step.kind === 'refused' ? null : (
            <Button
              tone="primary"
              disabled={step.kind !== 'ready'}
              onClick={() => (candidate ? props.onPromote(candidate) : undefined)}
            >
              {step.kind === 'promoting' ? 'Promoting…' : 'Promote'}
            </Button>
          )}
        </>
      }
    >
      {step.kind === 'sending' || step.kind === 'inspecting' ? (
        <p role="status" className="flex h-64 items-center justify-center text-sm text-soft">
          {step.kind === 'sending' ? `Sending and hashing ${step.name}…` : `Looking at ${step.name}…`}
        </p>
      ) : null}
      {step.kind === 'refused' ? (
        <div className="h-64">
          <TroublePanel
            headline={step.trouble.headline}
            sentence={`${step.trouble.sentence} Nothing was changed.`}
            hint={step.trouble.hint}
          />
        </div>
      ) : null}
      {candidate === null ? null : <Comparison projectId={props.projectId} slot={slot} candidate={candidate} />}
    </Dialog>
  );
}

function Comparison({ projectId, slot, candidate }: { projectId: string; slot: RefSlot; candidate: RefCandidate }) {
  const shots = useShots();
  const staying = takesThatStay(slot, shots);
  return (
    <div className="p-4">
      <div className="grid grid-cols-2 gap-4">
        <Side
          title="Present hero"
          url={slot.hero === null ? null : refMediaUrl(projectId, slot.hero.sha256)}
          hash={slot.hero?.sha256 ?? null}
        >
          {slot.hero === null
            ? 'This slot has no hero yet.'
            : `${slot.width ?? '?'} × ${slot.height ?? '?'} · ${slot.hero.source}`}
        </Side>
        <Side title="New image" url={uploadMediaUrl(candidate.uploadId)} hash={candidate.sha256}>
          {candidate.width} × {candidate.height} · {showBytes(candidate.sizeBytes)} · {candidate.fileName}
        </Side>
      </div>
      <ul className="mt-3 space-y-1">
        {candidate.warnings.map((warning) => (
          <li key={warning} className="text-selectable text-sm text-eyes">
            ▲ {warning}
          </li>
        ))}
      </ul>
      <dl className="mt-3 grid grid-cols-[160px_1fr] gap-y-1.5 border-t pt-3 text-sm">
        <dt className="text-dim">Shots that will use it</dt>
        <dd className="text-selectable tabular">{listOr(slot.usedByShots, 'none of this episode')}</dd>
        <dt className="text-dim">Circled takes that stay</dt>
        <dd className="text-selectable tabular">
          {listOr(staying, 'none')}
          {staying.length > 0 ? (
            <span className="block text-xs text-dim">
              They stay as they are. Those that were made with the present hero are marked “Old hero”.
            </span>
          ) : null}
        </dd>
      </dl>
    </div>
  );
}

function Side(props: { title: string; url: string | null; hash: string | null; children: ReactNode }) {
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 text-xs font-semibold text-dim">{props.title}</figcaption>
      <Poster url={props.url} alt={props.title} fallback="—" className="h-[44vh] w-full rounded-xs" />
      <p className="text-selectable mt-1.5 text-sm text-soft">{props.children}</p>
      {props.hash === null ? null : <HashText hash={props.hash} label={`hash of ${props.title}`} />}
    </figure>
  );
}

const namedAtMost = 60;

function listOr(items: readonly string[], none: string): string {
  if (items.length === 0) return none;
  const named = items.slice(0, namedAtMost).join(', ');
  return items.length > namedAtMost ? `${named} and ${showCount(items.length - namedAtMost)} more` : named;
}
