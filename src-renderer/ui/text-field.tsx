import type { InputHTMLAttributes, Ref, TextareaHTMLAttributes } from 'react';
import { classNames } from './class-names.ts';

const look =
  'text-selectable rounded border border-edge bg-well px-2 text-sm text-ink placeholder:text-faint focus:border-accent focus-visible:-outline-offset-1 disabled:opacity-50';

export function TextField({
  className,
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  return (
    <input type="text" autoComplete="off" spellCheck={false} {...rest} className={classNames(look, 'h-7', className)} />
  );
}

export function TextArea({
  className,
  ...rest
}: TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> }) {
  return <textarea rows={2} {...rest} className={classNames(look, 'resize-none py-1.5', className)} />;
}
