/**
 * Who answers which command now. Components register handlers while they are mounted; the newest one answers. Owns the
 * window's one key listener.
 */
import { useEffect, useRef } from 'react';
import { type CommandId, isMac } from './commands.ts';
import { belongsToControl, commandsFor, isTyping } from './match-key.ts';

type Handler = () => void;
export type Handlers = Partial<Record<CommandId, Handler | null>>;

const stacks = new Map<CommandId, (() => Handler | null)[]>();
let layer: 'reject' | null = null;

/** Runs the newest handler of a command; false when nobody answers it now. */
export function runCommand(id: CommandId): boolean {
  for (const current of [...(stacks.get(id) ?? [])].reverse()) {
    const handler = current();
    if (handler === null) continue;
    handler();
    return true;
  }
  return false;
}

/** Answers commands while the component is mounted; a handler that is null lets an older one answer. */
export function useCommands(handlers: Handlers): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  const ids = Object.keys(handlers).join(' ');
  useEffect(() => {
    const mine = ids.split(' ').map((id) => {
      const entry = () => latest.current[id as CommandId] ?? null;
      stacks.set(id as CommandId, [...(stacks.get(id as CommandId) ?? []), entry]);
      return [id as CommandId, entry] as const;
    });
    return () => {
      for (const [id, entry] of mine)
        stacks.set(
          id,
          (stacks.get(id) ?? []).filter((known) => known !== entry),
        );
    };
  }, [ids]);
}

/** Puts the reject panel's keys before the others while it is open. */
export function useKeyLayer(name: 'reject'): void {
  useEffect(() => {
    layer = name;
    return () => {
      layer = null;
    };
  }, [name]);
}

/** Listens to the keyboard for the whole window, before any control does. */
export function useKeyboard(): void {
  useEffect(() => {
    const mac = isMac();
    let reachedByTab = false;
    const listen = (event: KeyboardEvent) => {
      if (event.isComposing || isTyping(event.target) || belongsToControl(event, event.target, reachedByTab)) return;
      const handled = commandsFor(event, { mac, layer }).some(runCommand);
      reachedByTab = !handled && (reachedByTab || event.key === 'Tab');
      if (!handled) return;
      event.preventDefault();
      event.stopPropagation();
    };
    const point = () => {
      reachedByTab = false;
    };
    window.addEventListener('keydown', listen, { capture: true });
    window.addEventListener('pointerdown', point, { capture: true });
    return () => {
      window.removeEventListener('keydown', listen, { capture: true });
      window.removeEventListener('pointerdown', point, { capture: true });
    };
  }, []);
}
