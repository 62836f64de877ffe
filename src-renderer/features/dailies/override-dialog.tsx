import { FileUp } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { UploadReceipt } from '../../../src-shared/api/upload.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import { phasePhrases } from '../../../src-shared/phrases.ts';
import { isAbort, type Trouble, troubleOf } from '../../api/trouble.ts';
import { uploadFile } from '../../api/upload.ts';
import { Button } from '../../ui/button.tsx';
import { showBytes } from '../../ui/bytes-text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { HashText } from '../../ui/hash-text.tsx';
import { Labelled } from '../../ui/labelled.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { overridePhase, useDeciding } from './decisions.ts';

type OwnFile =
  | { kind: 'none' }
  | { kind: 'sending'; name: string; sizeBytes: number }
  | { kind: 'held'; receipt: UploadReceipt }
  | { kind: 'refused'; trouble: Trouble };

/** The director's own file instead: sent and hashed first, then approved with a reason. */
export function OverrideDialog(props: { projectId: string; phase: ShotPhase; onClose: () => void }) {
  const [file, setFile] = useState<OwnFile>({ kind: 'none' });
  const [reason, setReason] = useState('');
  const busy = useDeciding((state) => state.busy);
  const sending = useRef<AbortController | null>(null);
  useEffect(() => () => sending.current?.abort(), []);
  const send = (chosen: File) => {
    sending.current?.abort();
    sending.current = new AbortController();
    setFile({ kind: 'sending', name: chosen.name, sizeBytes: chosen.size });
    uploadFile(chosen, sending.current.signal).then(
      (receipt) => setFile({ kind: 'held', receipt }),
      (error: unknown) => {
        if (!isAbort(error)) setFile({ kind: 'refused', trouble: troubleOf(error) });
      },
    );
  };
  const ready = file.kind === 'held' && reason.trim() !== '' && !busy;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (file.kind !== 'held' || !ready) return;
    const done = await overridePhase(props.projectId, props.phase, {
      uploadId: file.receipt.uploadId,
      reason: reason.trim(),
    });
    if (done) props.onClose();
  };
  return (
    <Dialog open onClose={props.onClose} title={`Override ${phasePhrases[props.phase.phase]} of ${props.phase.shotId}`}>
      <form onSubmit={(event) => void submit(event)} className="space-y-3 p-4">
        <DropZone
          label="Drop your own file or choose one"
          accept="video/*,image/*,.mov,.mxf,.mkv"
          onFile={send}
          className="flex min-h-28 w-full flex-col items-center justify-center gap-1 bg-well p-4 text-sm text-soft"
        >
          <FileUp className="size-6 text-faint" aria-hidden="true" />
          <FileState file={file} />
        </DropZone>
        {file.kind === 'held' ? <HashText hash={file.receipt.sha256} label="hash of the file" /> : null}
        <Labelled text="Reason, kept with the take">
          {(id) => (
            <TextArea
              id={id}
              className="w-full"
              value={reason}
              maxLength={4000}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Labelled>
        <div className="flex justify-end gap-2">
          <Button tone="quiet" onClick={props.onClose}>
            Cancel
          </Button>
          <Button tone="good" type="submit" disabled={!ready}>
            Use and approve
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function FileState({ file }: { file: OwnFile }) {
  switch (file.kind) {
    case 'none':
      return <span>Drop your own file here, or click to choose one</span>;
    case 'sending':
      return (
        <span role="status" className="animate-breathe">
          Sending and hashing {file.name} ({showBytes(file.sizeBytes)})…
        </span>
      );
    case 'held':
      return (
        <span className="text-ink">
          {file.receipt.fileName} · {showBytes(file.receipt.sizeBytes)}
        </span>
      );
    case 'refused':
      return (
        <span role="alert" className="text-eyes">
          ▲ {file.trouble.sentence} {file.trouble.hint}
        </span>
      );
  }
}
