import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** The first control of a dialog is its close button; what the dialog is about should have the focus instead. */
function focusContent(event: Event): void {
  event.preventDefault();
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement) || content.contains(document.activeElement)) return;
  (content.querySelector<HTMLElement>('input:not([type="file"]), textarea') ?? content).focus();
}

/**
 * A modal dialog. Radix's own overlay is left out: it locks scrolling with an injected style sheet, which the page's
 * CSP refuses; nothing behind it scrolls anyway.
 */
export function Dialog(props: {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  wide?: boolean;
  children: ReactNode;
  footer?: ReactNode;
}) {
  return (
    <Radix.Root open={props.open} onOpenChange={(open) => (open ? undefined : props.onClose())}>
      <Radix.Portal>
        <div className="fixed inset-0 z-40 bg-black/60" />
        <Radix.Content
          onOpenAutoFocus={focusContent}
          {...(props.description === undefined ? { 'aria-describedby': undefined } : {})}
          className={classNames(
            'fixed top-1/2 left-1/2 z-40 flex max-h-[88vh] -translate-x-1/2 -translate-y-1/2 flex-col overflow-hidden rounded-md border border-edge bg-panel shadow-2xl shadow-black focus:outline-none',
            props.wide ? 'w-[min(960px,92vw)]' : 'w-[min(520px,92vw)]',
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
