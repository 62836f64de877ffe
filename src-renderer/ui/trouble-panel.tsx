import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

/** An expected problem with its sentence and its hint, where the thing itself would have been. */
export function TroublePanel(props: { headline: string; sentence: string; hint: string | null; children?: ReactNode }) {
  return (
    <div role="alert" className="flex h-full flex-col items-center justify-center gap-2 p-6 text-center">
      <TriangleAlert className="mb-1 size-6 text-eyes" aria-hidden="true" />
      <p className="text-base font-medium text-ink">{props.headline}</p>
      <p className="text-selectable max-w-[480px] text-sm text-soft">{props.sentence}</p>
      {props.hint ? <p className="text-selectable max-w-[480px] text-sm text-dim">{props.hint}</p> : null}
      {props.children ? <div className="mt-2 flex gap-2">{props.children}</div> : null}
    </div>
  );
}
