import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from './class-names.ts';
import { KeyCap } from './key-cap.tsx';
import { Tip } from './tip.tsx';

type Tone = 'plain' | 'quiet' | 'primary' | 'good' | 'bad';

const tones: Record<Tone, string> = {
  plain: 'border-edge bg-raised text-ink enabled:hover:bg-hover enabled:active:bg-pressed',
  quiet: 'border-transparent text-soft enabled:hover:bg-hover enabled:hover:text-ink enabled:active:bg-pressed',
  primary: 'border-accent bg-accent-deep text-white enabled:hover:bg-accent/70 enabled:active:bg-accent/60',
  good: 'border-good/60 bg-good/15 text-good enabled:hover:bg-good/25 enabled:active:bg-good/30',
  bad: 'border-bad/60 bg-bad/15 text-bad enabled:hover:bg-bad/25 enabled:active:bg-bad/30',
};

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  tone?: Tone;
  /** printed on the button */
  keys?: string | undefined;
  icon?: ReactNode;
  /** what it began is under way: it does nothing, and unlike a disabled button it keeps the focus */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

/** Lets a click through unless the work is under way or it is the second of a double click on a button that has changed. */
function once(busy: boolean | undefined, onClick: ButtonProps['onClick']): ButtonProps['onClick'] {
  if (busy === undefined) return onClick;
  return (event) => (busy || event.detail > 1 ? event.preventDefault() : onClick?.(event));
}

/** A button with words; its key is printed on it. */
export function Button({ tone = 'plain', keys, icon, busy, onClick, children, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      onClick={once(busy, onClick)}
      className={classNames(
        'inline-flex h-7 shrink-0 items-center gap-1.5 rounded border px-2.5 text-sm whitespace-nowrap transition-colors disabled:opacity-40 aria-disabled:opacity-40',
        tones[tone],
        className,
      )}
    >
      {icon}
      {children}
      {keys ? <KeyCap>{keys}</KeyCap> : null}
    </button>
  );
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** accessible name and tooltip */
  label: string;
  keys?: string | undefined;
  pressed?: boolean;
  /** as that of a button with words */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

/** A square button with a picture; its name and key are in the tooltip. */
export function IconButton(props: IconButtonProps) {
  const { label, keys, pressed, busy, onClick, className, children, ...rest } = props;
  return (
    <Tip text={label} keys={keys}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        {...rest}
        aria-disabled={busy || undefined}
        onClick={once(busy, onClick)}
        className={classNames(
          'inline-flex size-7 shrink-0 items-center justify-center rounded text-soft transition-colors enabled:hover:bg-hover enabled:hover:text-ink enabled:active:bg-pressed disabled:opacity-35 aria-disabled:opacity-35',
          pressed && 'bg-raised text-accent',
          className,
        )}
      >
        {children}
      </button>
    </Tip>
  );
}
