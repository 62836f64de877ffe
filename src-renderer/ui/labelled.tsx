import { type ReactNode, useId } from 'react';

/** A small label above its field; the field takes the id that it is given. */
export function Labelled(props: { text: string; className?: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className={props.className}>
      <label htmlFor={id} className="mb-1 block text-xs text-dim">
        {props.text}
      </label>
      {props.children(id)}
    </div>
  );
}
