import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { classNames } from './class-names.ts';

/** A place to drop one file, or to choose one. Anything but a file is left alone. */
export function DropZone(props: {
  label: string;
  accept: string;
  onFile: (file: File) => void;
  className?: string;
  disabled?: boolean;
  children: ReactNode;
}) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const hasFile = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file && !props.disabled) props.onFile(file);
  };
  return (
    <>
      <button
        type="button"
        aria-label={props.label}
        disabled={props.disabled ?? false}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          if (!hasFile(event)) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={classNames(
          'rounded border border-dashed transition-colors',
          over ? 'border-accent bg-accent/15' : 'border-edge hover:border-dim',
          props.className,
        )}
      >
        {props.children}
      </button>
      <input
        ref={input}
        type="file"
        tabIndex={-1}
        aria-hidden="true"
        accept={props.accept}
        className="hidden"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) props.onFile(file);
        }}
      />
    </>
  );
}
