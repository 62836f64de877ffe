import { describe, expect, test } from 'vitest';
import { type CommandDefinition, commands, keyOf, printKeys } from '../../../../src-renderer/app/keyboard/commands.ts';
import { commandsFor, type KeyPress, keysOf } from '../../../../src-renderer/app/keyboard/match-key.ts';

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
});
const pc = { mac: false, layer: null };

describe('the keyboard map', () => {
  test('gives each key of a layer to one command', () => {
    const all = (commands as readonly CommandDefinition[]).flatMap(({ id, keys, layer }) =>
      keys.map((key) => [`${layer ?? ''}/${key}`, id]),
    );
    const doubled = all.filter(([key], index) => all.findIndex(([other]) => other === key) !== index);
    expect(doubled).toEqual([]);
  });

  test('gives each command its own id and a title to show', () => {
    expect(new Set(commands.map((command) => command.id)).size).toBe(commands.length);
    expect(commands.filter((command) => command.title.trim() === '')).toEqual([]);
  });

  test('has the keys that the review room promises', () => {
    const promised = {
      'play.toggle': 'Space',
      'decide.approve': 'A',
      'decide.reject': 'X',
      'decide.reroute': 'T',
      'decide.override': 'Alt+A',
      'decide.undo': 'Ctrl+Z',
      'compare.flip': 'Tab',
      'inspect.verify': 'V',
      'batch.start': 'B',
      'app.keys': '?',
      'shot.next': 'PgDn',
      'step.back10': 'Shift+←',
    } as const;
    for (const [id, keys] of Object.entries(promised))
      expect([id, keyOf(id as keyof typeof promised, false)]).toEqual([id, keys]);
  });

  test('prints keys the way the machine prints them', () => {
    expect(printKeys('Mod+Shift+ArrowLeft', false)).toBe('Ctrl+Shift+←');
    expect(printKeys('Mod+Z', true)).toBe('⌘Z');
  });
});

describe('a key press', () => {
  test('means the command of its key, with and without Shift', () => {
    expect(commandsFor(press('a'), pc)).toEqual(['decide.approve']);
    expect(commandsFor(press('ArrowLeft', { shiftKey: true }), pc)).toEqual(['step.back10']);
    expect(commandsFor(press('L', { shiftKey: true }), pc)).toEqual(['loop.next']);
    expect(commandsFor(press(' ', { code: 'Space' }), pc)).toEqual(['play.toggle']);
  });

  test('with Ctrl or Cmd is another key: approving needs a bare A', () => {
    expect(commandsFor(press('a', { ctrlKey: true }), pc)).toEqual([]);
    expect(commandsFor(press('z', { ctrlKey: true }), pc)).toEqual(['decide.undo']);
    expect(commandsFor(press('z', { metaKey: true }), { mac: true, layer: null })).toEqual(['decide.undo']);
  });

  test('is read by its place where Alt makes another letter of it', () => {
    expect(keysOf(press('å', { code: 'KeyA', altKey: true }), true)).toBe('Alt+A');
    expect(keysOf(press('¡', { code: 'Digit1', altKey: true }), true)).toBe('Alt+1');
  });

  test('of a digit counts on the number pad too, but a shifted digit is a sign', () => {
    expect(commandsFor(press('3', { code: 'Numpad3' }), pc)).toEqual(['take.3']);
    expect(keysOf(press('!', { code: 'Digit1', shiftKey: true }), false)).toBe('!');
  });

  test('finds the question mark on every layout, with or without Shift', () => {
    expect(commandsFor(press('?', { code: 'Slash', shiftKey: true }), pc)).toEqual(['app.keys']);
    expect(commandsFor(press('?', { code: 'Minus', shiftKey: true }), pc)).toEqual(['app.keys']);
  });

  test('means the reject panel first while it is open, and nothing of it while it is closed', () => {
    expect(commandsFor(press('2', { code: 'Digit2' }), { mac: false, layer: 'reject' })).toEqual([
      'reason.2',
      'take.2',
    ]);
    expect(commandsFor(press('x'), { mac: false, layer: 'reject' })).toEqual(['reject.commit', 'decide.reject']);
    expect(commandsFor(press('x'), pc)).toEqual(['decide.reject']);
    expect(commandsFor(press('Escape'), pc)).toEqual([]);
  });
});
