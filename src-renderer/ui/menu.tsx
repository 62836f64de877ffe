import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { classNames } from './class-names.ts';

const content =
  'z-50 max-h-[70vh] min-w-48 overflow-y-auto rounded border border-edge bg-raised p-1 shadow-xl shadow-black/60';
const row =
  'relative flex min-h-7 items-center gap-2 rounded-sm py-1 pr-3 pl-7 text-sm text-ink outline-none select-none data-[disabled]:text-faint data-[highlighted]:bg-pressed';

/** A drop-down menu. Not modal: the modal kind injects a style sheet, which the page's CSP refuses. */
export function Menu(props: { trigger: ReactElement; children: ReactNode; align?: 'start' | 'end' }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{props.trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content sideOffset={4} collisionPadding={8} align={props.align ?? 'start'} className={content}>
          {props.children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export function MenuItem(props: { onSelect: () => void; checked?: boolean; disabled?: boolean; children: ReactNode }) {
  return (
    <DropdownMenu.Item className={row} disabled={props.disabled ?? false} onSelect={props.onSelect}>
      {props.checked ? <Check className="absolute left-2 size-3.5 text-accent" /> : null}
      {props.children}
    </DropdownMenu.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className={classNames('px-2 py-1 text-xs text-dim')}>{children}</DropdownMenu.Label>;
}

export function MenuLine() {
  return <DropdownMenu.Separator className="my-1 h-px bg-edge" />;
}
