import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Asks before a batch is ended. */
export function StopBatchDialog({ onStop, onClose }: { onStop: () => void; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Stop the batch?"
      footer={
        <>
          <Button tone="quiet" onClick={onClose}>
            Keep it running
          </Button>
          <Button
            tone="bad"
            onClick={() => {
              onStop();
              onClose();
            }}
          >
            Stop the batch
          </Button>
        </>
      }
    >
      <p className="p-4 text-sm text-soft">
        Nothing more is submitted. What a provider has already taken is still fetched, and every take, decision and
        approval stays. A new batch goes on from there.
      </p>
    </Dialog>
  );
}
