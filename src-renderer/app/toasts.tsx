import { Check, Info, TriangleAlert, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { dismissToast, type Toast, useToastStore } from '../stores/toast-store.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';

const shownMs: Record<Toast['tone'], number> = { done: 6000, info: 6000, trouble: 14_000 };

/** What was done and can be taken back, and what could not be done and why. */
export function Toasts() {
  const toasts = useToastStore((state) => state.toasts);
  return (
    <section
      aria-label="Messages"
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-4 z-50 flex w-[360px] flex-col gap-2"
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismissToast(toast.id), shownMs[toast.tone]);
    return () => clearTimeout(timer);
  }, [held, toast]);
  const { action } = toast;
  return (
    <article
      role={toast.tone === 'trouble' ? 'alert' : undefined}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      className={classNames(
        'pointer-events-auto flex items-start gap-2 rounded border bg-raised p-3 shadow-xl shadow-black/60',
        toast.tone === 'trouble' ? 'border-eyes/60' : 'border-edge',
      )}
    >
      <ToneIcon tone={toast.tone} />
      <div className="text-selectable min-w-0 flex-1">
        <p className="text-sm font-medium">{toast.headline}</p>
        {toast.sentence ? <p className="mt-0.5 text-sm text-soft">{toast.sentence}</p> : null}
        {toast.hint ? <p className="mt-0.5 text-xs text-dim">{toast.hint}</p> : null}
      </div>
      {action ? (
        <Button
          tone="quiet"
          keys={action.keys}
          onClick={() => {
            dismissToast(toast.id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      ) : null}
      <button
        type="button"
        aria-label="Dismiss"
        onClick={() => dismissToast(toast.id)}
        className="rounded p-0.5 text-faint hover:text-ink"
      >
        <X className="size-3.5" />
      </button>
    </article>
  );
}

function ToneIcon({ tone }: { tone: Toast['tone'] }) {
  const look = 'mt-0.5 size-4 shrink-0';
  if (tone === 'trouble') return <TriangleAlert className={classNames(look, 'text-eyes')} aria-hidden="true" />;
  if (tone === 'done') return <Check className={classNames(look, 'text-good')} aria-hidden="true" />;
  return <Info className={classNames(look, 'text-dim')} aria-hidden="true" />;
}
