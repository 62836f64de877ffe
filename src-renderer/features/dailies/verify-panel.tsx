import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { VerifiedFile, VerifyReport } from '../../../src-shared/domain/take.ts';
import { verifyPhrases } from '../../../src-shared/phrases.ts';
import { studio } from '../../api/client.ts';
import { useCommands } from '../../app/keyboard/command-bus.ts';
import { keyOf } from '../../app/keyboard/commands.ts';
import { showTrouble } from '../../stores/toast-store.ts';
import { Button } from '../../ui/button.tsx';
import { Block } from '../../ui/field-list.tsx';
import { Mark, type MarkShape, type MarkTone } from '../../ui/state-mark.tsx';
import { clockTime } from '../../ui/time-text.ts';

const marks: Record<VerifiedFile['result'], { shape: MarkShape; tone: MarkTone }> = {
  matches: { shape: 'check', tone: 'good' },
  changed: { shape: 'cross', tone: 'bad' },
  missing: { shape: 'dash', tone: 'eyes' },
};

/** Hashes the take and its references again, now, and says of each file what came out. Nothing stored is shown. */
export function VerifyPanel({ projectId, takeId }: { projectId: string; takeId: string }) {
  const [report, setReport] = useState<VerifyReport | null>(null);
  const [busy, setBusy] = useState(false);
  const verify = async () => {
    setBusy(true);
    setReport(null);
    await studio.takes.verify({ projectId, takeId }).then(setReport, showTrouble);
    setBusy(false);
  };
  useCommands({ 'inspect.verify': () => void verify() });
  return (
    <Block
      title={report === null ? 'Integrity' : `Integrity at ${clockTime(report.verifiedAt)}`}
      action={
        <Button
          tone="quiet"
          keys={keyOf('inspect.verify')}
          disabled={busy}
          className="h-6"
          icon={<ShieldCheck className="size-3.5" />}
          onClick={() => void verify()}
        >
          {busy ? 'Hashing…' : 'Verify now'}
        </Button>
      }
    >
      {report === null ? (
        <p className="text-xs text-dim">
          {busy
            ? 'Reading every byte of the take and its references…'
            : 'Hashes the files again and compares them with the record.'}
        </p>
      ) : (
        <ul className="space-y-1.5">
          {report.files.map((file) => (
            <FileResult key={`${file.role}/${file.path}`} file={file} />
          ))}
        </ul>
      )}
    </Block>
  );
}

function FileResult({ file }: { file: VerifiedFile }) {
  return (
    <li className="flex items-start gap-2 text-sm">
      <Mark {...marks[file.result]} className="mt-0.5" />
      <span className="min-w-0 flex-1">
        <span>{verifyPhrases[file.result]}</span> <span className="text-dim">{file.role}</span>
        <span className="text-selectable block font-mono text-2xs break-all text-dim">{file.path}</span>
        {file.result === 'changed' ? (
          <span className="text-selectable block font-mono text-2xs break-all text-bad">
            recorded {file.recordedSha256}
            <br />
            now {file.actualSha256}
          </span>
        ) : null}
      </span>
    </li>
  );
}
