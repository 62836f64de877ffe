import { Tooltip } from 'radix-ui';
import type { ReactElement } from 'react';
import { KeyCap } from './key-cap.tsx';

/** A tooltip that names the control and shows its key. */
export function Tip(props: {
  text: string;
  keys?: string | undefined;
  side?: 'top' | 'bottom' | 'left' | 'right';
  children: ReactElement;
}) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{props.children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side={props.side ?? 'bottom'}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex max-w-80 items-center gap-2 rounded border border-edge bg-raised px-2 py-1 text-xs text-ink shadow-lg shadow-black/60"
        >
          <span>{props.text}</span>
          {props.keys ? <KeyCap>{props.keys}</KeyCap> : null}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
