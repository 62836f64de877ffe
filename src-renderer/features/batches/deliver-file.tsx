import { FileUp } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { studio } from '../../api/client.ts';
import { isAbort, type Trouble, troubleOf } from '../../api/trouble.ts';
import { uploadFile } from '../../api/upload.ts';
import { useIsLive } from '../../stores/studio-store.ts';
import { showToast } from '../../stores/toast-store.ts';
import { DropZone } from '../../ui/drop-zone.tsx';

type Delivery = { kind: 'none' } | { kind: 'sending'; name: string } | { kind: 'refused'; trouble: Trouble };

/** The take of an attempt that is made by hand: its file is dropped here, and goes the way of every other take. */
export function DeliverFile({ projectId, attemptId }: { projectId: string; attemptId: string }) {
  const [delivery, setDelivery] = useState<Delivery>({ kind: 'none' });
  const isLive = useIsLive();
  const sending = useRef<AbortController | null>(null);
  useEffect(() => () => sending.current?.abort(), []);
  const deliver = async (file: File) => {
    sending.current?.abort();
    const controller = new AbortController();
    sending.current = controller;
    setDelivery({ kind: 'sending', name: file.name });
    try {
      const { uploadId } = await uploadFile(file, controller.signal);
      await studio.attempts.deliver({ projectId, attemptId, uploadId }, { signal: controller.signal });
      setDelivery({ kind: 'none' });
      showToast({ headline: 'Delivered', sentence: `${file.name} is measured by the gates now.` });
    } catch (error) {
      if (!isAbort(error)) setDelivery({ kind: 'refused', trouble: troubleOf(error) });
    }
  };
  return (
    <div className="px-4 pb-3">
      <DropZone
        label="Deliver the file of this attempt"
        accept="video/*,image/*,.mov,.mxf,.mkv"
        disabled={delivery.kind === 'sending' || !isLive}
        onFile={(file) => void deliver(file)}
        className="flex min-h-20 w-full flex-col items-center justify-center gap-1 bg-well p-3 text-sm text-soft"
      >
        <FileUp className="size-5 text-faint" aria-hidden="true" />
        <DeliveryState delivery={delivery} />
      </DropZone>
    </div>
  );
}

function DeliveryState({ delivery }: { delivery: Delivery }) {
  switch (delivery.kind) {
    case 'none':
      return <span>Made by hand: drop the file here, or click to choose it</span>;
    case 'sending':
      return (
        <span role="status" className="animate-breathe">
          Sending and hashing {delivery.name}…
        </span>
      );
    case 'refused':
      return (
        <span role="alert" className="text-eyes">
          ▲ {delivery.trouble.sentence} {delivery.trouble.hint}
        </span>
      );
  }
}
