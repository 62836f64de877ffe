import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { classNames } from './class-names.ts';

/** The first control of a dialog is its close button; what the dialog is about should have the focus instead. */
function focusContent(event: Event): void {
  event.preventDefault();
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement) || content.contains(document.activeElement)) return;
  const first = content.querySelector<HTMLElement>('[data-first-focus] :is([data-state="on"], [data-state="active"])');
  (first ?? content.querySelector<HTMLElement>('input:not([type="file"]), textarea') ?? content).focus();
}

const focused = () => (document.activeElement instanceof HTMLElement ? document.activeElement : null);

/**
 * A modal dialog. Radix's own overlay is left out: it locks scrolling with an injected style sheet, which the page's
 * CSP refuses; nothing behind it scrolls anyway. Radix gives the focus back to its own trigger only: dialogs here open
 * from keys and from other dialogs, so what had the focus is remembered. A wide dialog hangs from above: what is added or
 * taken away in it moves nothing above the change.
 */
export function Dialog(props: {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  wide?: boolean;
  children: ReactNode;
  footer?: ReactNode;
  /** answers Ctrl+Enter, or Cmd+Enter, wherever the focus is in the dialog */
  onCommit?: (() => void) | null;
}) {
  const before = useRef<HTMLElement | null>(null);
  return (
    <Radix.Root open={props.open} onOpenChange={(open) => (open ? undefined : props.onClose())}>
      <Radix.Portal>
        <div className="fixed inset-0 z-40 bg-black/60" />
        <Radix.Content
          onOpenAutoFocus={(event) => {
            before.current = focused();
            focusContent(event);
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (before.current?.isConnected) before.current.focus();
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
            // What a menu over the dialog is told comes here too, through the portal.
            if (!(event.target instanceof Node) || !event.currentTarget.contains(event.target)) return;
            event.preventDefault();
            props.onCommit?.();
          }}
          {...(props.description === undefined ? { 'aria-describedby': undefined } : {})}
          className={classNames(
            'fixed left-1/2 z-40 flex max-h-[88vh] -translate-x-1/2 flex-col overflow-hidden rounded-md border border-edge bg-panel shadow-2xl shadow-black focus:outline-none',
            props.wide ? 'top-[6vh] w-[min(960px,92vw)]' : 'top-1/2 w-[min(520px,92vw)] -translate-y-1/2',
          )}
        >
          <header className="flex h-11 shrink-0 items-center border-b px-4">
            <Radix.Title className="flex-1 text-base font-semibold">{props.title}</Radix.Title>
            <Radix.Close
              aria-label="Close"
              className="inline-flex size-7 items-center justify-center rounded text-dim hover:bg-hover hover:text-ink"
            >
              <X className="size-4" />
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto">
            {props.description === undefined ? null : (
              <Radix.Description className="px-4 pt-3 text-sm text-soft">{props.description}</Radix.Description>
            )}
            {props.children}
          </div>
          {props.footer ? (
            <footer className="flex shrink-0 items-center justify-end gap-2 border-t bg-floor px-4 py-3">
              {props.footer}
            </footer>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
