/** From a key press to the commands that it can mean. Pure: the listener is in command-bus.ts. */
import { type CommandDefinition, type CommandId, commands } from './commands.ts';

export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const byKeys = new Map<string, CommandDefinition[]>();
for (const command of commands as readonly CommandDefinition[]) {
  for (const keys of command.keys) byKeys.set(keys, [...(byKeys.get(keys) ?? []), command]);
}

/** The commands of a key press, those of the layer that is open first. */
export function commandsFor(press: KeyPress, options: { mac: boolean; layer: 'reject' | null }): CommandId[] {
  const found = byKeys.get(keysOf(press, options.mac)) ?? [];
  const inLayer = found.filter((command) => command.layer !== undefined && command.layer === options.layer);
  const base = found.filter((command) => command.layer === undefined);
  return [...inLayer, ...base].map((command) => command.id as CommandId);
}

/** `Mod+Shift+ArrowLeft`. Letters come from the key's place, so that Alt on a Mac and other layouts do not hide them. */
export function keysOf(press: KeyPress, mac: boolean): string {
  const mod = mac ? press.metaKey : press.ctrlKey;
  const name = nameOf(press);
  // A character such as "?" already contains its Shift.
  const isSymbol = name.length === 1 && !/[A-Z0-9]/.test(name);
  const parts = [mod && 'Mod', press.shiftKey && !isSymbol && 'Shift', press.altKey && 'Alt', name];
  return parts.filter(Boolean).join('+');
}

function nameOf(press: KeyPress): string {
  if (press.key === ' ') return 'Space';
  if (/^[a-z]$/i.test(press.key)) return press.key.toUpperCase();
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(press.code);
  if (digit?.[1] !== undefined && (press.altKey || /^\d$/.test(press.key))) return digit[1];
  const letter = /^Key([A-Z])$/.exec(press.code);
  if (letter?.[1] !== undefined && press.altKey) return letter[1];
  return press.key;
}

/** Keys belong to a text field while someone types in it. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['button', 'checkbox', 'radio', 'range'].includes(target.type);
}

/**
 * Menus and dialogs keep their keys. Any other control keeps those that operate it only when it was reached with Tab:
 * after a click on a button Space still plays, and after a click on a tab the arrows still step.
 */
export function belongsToControl(press: KeyPress, target: EventTarget | null, reachedByTab: boolean): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role="menu"], [role="dialog"]') !== null) return true;
  if (!reachedByTab) return false;
  if (press.key === 'Enter' || press.key === ' ')
    return target.matches('button, a[href], [role="button"], summary, input');
  if (press.key.startsWith('Arrow'))
    return target.closest('[role="tablist"], [role="radiogroup"], [role="group"]') !== null;
  return false;
}
