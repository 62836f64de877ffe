import type { ReactNode } from 'react';

/** What a place shows when it has nothing to show: what it is, why it is empty, what to do. */
export function EmptyState(props: { icon?: ReactNode; headline: string; sentence?: ReactNode; children?: ReactNode }) {
  return (
    <div role="status" className="flex h-full flex-col items-center justify-center gap-2 p-6 text-center">
      {props.icon ? <div className="mb-1 text-faint">{props.icon}</div> : null}
      <p className="text-base font-medium text-soft">{props.headline}</p>
      {props.sentence ? (
        <p className="text-selectable max-w-96 text-balance text-sm text-dim">{props.sentence}</p>
      ) : null}
      {props.children ? <div className="mt-2 flex gap-2">{props.children}</div> : null}
    </div>
  );
}
