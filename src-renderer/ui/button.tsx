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
  ref?: Ref<HTMLButtonElement>;
}

/** A button with words; its key is printed on it. */
export function Button({ tone = 'plain', keys, icon, children, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classNames(
        'inline-flex h-7 shrink-0 items-center gap-1.5 rounded border px-2.5 text-sm whitespace-nowrap transition-colors disabled:opacity-40',
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
  ref?: Ref<HTMLButtonElement>;
}

/** A square button with a picture; its name and key are in the tooltip. */
export function IconButton({ label, keys, pressed, className, children, ...rest }: IconButtonProps) {
  return (
    <Tip text={label} keys={keys}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        {...rest}
        className={classNames(
          'inline-flex size-7 shrink-0 items-center justify-center rounded text-soft transition-colors enabled:hover:bg-hover enabled:hover:text-ink enabled:active:bg-pressed disabled:opacity-35',
          pressed && 'bg-raised text-accent',
          className,
        )}
      >
        {children}
      </button>
    </Tip>
  );
}
