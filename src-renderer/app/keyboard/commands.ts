/** The one list of what the keyboard can do. Keys are written `Mod+Shift+Alt+Key`; Mod is Ctrl, or Cmd on a Mac. */

export interface CommandDefinition {
  id: string;
  keys: readonly string[];
  title: string;
  group: 'Play' | 'Shots and takes' | 'Compare' | 'Decide' | 'Inspect' | 'Application' | 'While rejecting';
  /** `reject`: only while the reject panel is open, where it comes first */
  layer?: 'reject';
}

const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

export const commands = [
  { id: 'play.toggle', keys: ['Space'], title: 'Play or stop', group: 'Play' },
  { id: 'play.back', keys: ['J'], title: 'Play backwards; again: faster', group: 'Play' },
  { id: 'play.stop', keys: ['K'], title: 'Stop', group: 'Play' },
  { id: 'play.forward', keys: ['L'], title: 'Play forwards; again: faster', group: 'Play' },
  { id: 'step.back', keys: ['ArrowLeft'], title: 'One frame back', group: 'Play' },
  { id: 'step.forward', keys: ['ArrowRight'], title: 'One frame on', group: 'Play' },
  { id: 'step.back10', keys: ['Shift+ArrowLeft'], title: 'Ten frames back', group: 'Play' },
  { id: 'step.forward10', keys: ['Shift+ArrowRight'], title: 'Ten frames on', group: 'Play' },
  { id: 'go.start', keys: ['Home'], title: 'First frame', group: 'Play' },
  { id: 'go.end', keys: ['End'], title: 'Last frame', group: 'Play' },
  { id: 'go.frame', keys: ['Mod+G'], title: 'Go to a frame or timecode', group: 'Play' },
  { id: 'mark.in', keys: ['I'], title: 'In point here', group: 'Play' },
  { id: 'mark.out', keys: ['O'], title: 'Out point here', group: 'Play' },
  { id: 'mark.clear-in', keys: ['Shift+I'], title: 'Clear the in point', group: 'Play' },
  { id: 'mark.clear-out', keys: ['Shift+O'], title: 'Clear the out point', group: 'Play' },
  { id: 'loop.next', keys: ['Shift+L'], title: 'Loop, ping-pong or once', group: 'Play' },
  { id: 'speed.slower', keys: ['['], title: 'Slower', group: 'Play' },
  { id: 'speed.faster', keys: [']'], title: 'Faster', group: 'Play' },
  { id: 'view.fit', keys: ['F'], title: 'Fit the picture', group: 'Play' },
  { id: 'view.actual', keys: ['Z'], title: 'One to one', group: 'Play' },
  { id: 'take.previous', keys: ['ArrowUp'], title: 'Previous take', group: 'Shots and takes' },
  { id: 'take.next', keys: ['ArrowDown'], title: 'Next take', group: 'Shots and takes' },
  { id: 'shot.previous', keys: ['PageUp'], title: 'Previous shot', group: 'Shots and takes' },
  { id: 'shot.next', keys: ['PageDown'], title: 'Next shot', group: 'Shots and takes' },
  { id: 'shot.next-decision', keys: ['Enter'], title: 'Next shot that needs a decision', group: 'Shots and takes' },
  ...digits.map((n) => ({
    id: `take.${n}` as const,
    keys: [String(n)],
    title: `Take ${n} of the shot`,
    group: 'Shots and takes' as const,
  })),
  { id: 'compare.add', keys: ['C'], title: 'Compare with the take before, or close B', group: 'Compare' },
  { id: 'compare.flip', keys: ['Tab'], title: 'A ↔ B at the same frame', group: 'Compare' },
  { id: 'compare.mode', keys: ['W'], title: 'Side by side or flip', group: 'Compare' },
  { id: 'decide.approve', keys: ['A'], title: 'Approve: circle this take', group: 'Decide' },
  { id: 'decide.reject', keys: ['X'], title: 'Reject: another take', group: 'Decide' },
  { id: 'decide.reroute', keys: ['T'], title: 'Reroute: another engine', group: 'Decide' },
  { id: 'decide.override', keys: ['Alt+A'], title: 'Override: own file instead', group: 'Decide' },
  { id: 'decide.undo', keys: ['Mod+Z'], title: 'Undo the last decision', group: 'Decide' },
  { id: 'inspect.recipe', keys: ['P'], title: 'Recipe', group: 'Inspect' },
  { id: 'inspect.gates', keys: ['G'], title: 'Gates', group: 'Inspect' },
  { id: 'inspect.history', keys: ['H'], title: 'History', group: 'Inspect' },
  { id: 'inspect.verify', keys: ['V'], title: 'Verify hashes now', group: 'Inspect' },
  { id: 'inspect.toggle', keys: ['Mod+I'], title: 'Show or hide the inspector', group: 'Inspect' },
  { id: 'filter.text', keys: ['/', 'Mod+F'], title: 'Search in prompts', group: 'Application' },
  { id: 'batch.start', keys: ['B'], title: 'Start batch', group: 'Application' },
  { id: 'batch.hold', keys: ['Shift+B'], title: 'Pause the batch, or resume it', group: 'Application' },
  { id: 'batch.stop', keys: ['Mod+.'], title: 'Stop the batch', group: 'Application' },
  { id: 'batch.commit', keys: ['Mod+Enter'], title: 'Start production, in its dialog', group: 'Application' },
  { id: 'project.open-folder', keys: ['Mod+O'], title: 'Open a project folder (desktop app)', group: 'Application' },
  { id: 'room.dailies', keys: ['Alt+1'], title: 'Dailies', group: 'Application' },
  { id: 'room.refs', keys: ['Alt+2'], title: 'Refs', group: 'Application' },
  { id: 'room.batches', keys: ['Alt+3'], title: 'Batches', group: 'Application' },
  { id: 'batches.doubts', keys: ['Alt+D'], title: 'What is in doubt, in Batches', group: 'Application' },
  { id: 'batches.log', keys: ['Alt+L'], title: 'Log of the shot, or its attempts, in Batches', group: 'Application' },
  { id: 'room.learning', keys: ['Alt+4'], title: 'Learning', group: 'Application' },
  { id: 'app.settings', keys: [',', 'Mod+,'], title: 'Settings: keys of engines', group: 'Application' },
  { id: 'app.keys', keys: ['?'], title: 'This list', group: 'Application' },
  ...digits.map((n) => ({
    id: `reason.${n}` as const,
    keys: [String(n)],
    title: `Reason ${n}`,
    group: 'While rejecting' as const,
    layer: 'reject' as const,
  })),
  { id: 'reject.commit', keys: ['X', 'Enter'], title: 'Reject now', group: 'While rejecting', layer: 'reject' },
  { id: 'reject.note', keys: ['N'], title: 'Write a note', group: 'While rejecting', layer: 'reject' },
  { id: 'reject.cancel', keys: ['Escape'], title: 'Keep the take', group: 'While rejecting', layer: 'reject' },
] as const satisfies readonly CommandDefinition[];

export type CommandId = (typeof commands)[number]['id'];

const byId = new Map<string, CommandDefinition>(commands.map((command) => [command.id, command]));

/** The first key of a command as it is printed, for tooltips and buttons. */
export function keyOf(id: CommandId, mac = isMac()): string {
  const keys = byId.get(id)?.keys[0];
  return keys === undefined ? '' : printKeys(keys, mac);
}

const printed: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Escape: 'Esc',
};

/** `Mod+Shift+ArrowLeft` → `Ctrl+Shift+←`, or `⌘⇧←` on a Mac. */
export function printKeys(keys: string, mac: boolean): string {
  const parts = keys.split('+').map((part) => {
    if (part === 'Mod') return mac ? '⌘' : 'Ctrl';
    if (mac && part === 'Shift') return '⇧';
    if (mac && part === 'Alt') return '⌥';
    return printed[part] ?? part;
  });
  return parts.join(mac ? '' : '+');
}

export function isMac(): boolean {
  return typeof navigator !== 'undefined' && /Mac/.test(navigator.platform);
}
