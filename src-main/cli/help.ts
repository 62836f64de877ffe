import type { Verb } from './verb.ts';

const exitCodeHelp = [
  'Exit codes:',
  '  0  done                    4  verification mismatch',
  '  2  usage                   5  budget exhausted',
  '  3  awaiting operator       6  project in use by another process',
  '  1  anything else',
];

/** The help of the program: its verbs and exit codes. */
export function overview(verbs: readonly Verb[]): string {
  const width = Math.max(...verbs.map(({ name }) => name.length));
  const lines = [
    'circletake <verb> [arguments]',
    '',
    ...verbs.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Every verb has --help, and --json for one JSON value on standard output.',
    '',
    ...exitCodeHelp,
  ];
  return `${lines.join('\n')}\n`;
}

/** The help of one verb. */
export function helpOf({ name, usage, summary, help }: Verb): string {
  const lines = [
    `circletake ${[name, usage, '[--json] [--help]'].filter(Boolean).join(' ')}`,
    '',
    `  ${summary}`,
    ...help.map((line) => `  ${line}`),
    '',
    ...exitCodeHelp,
  ];
  return `${lines.join('\n')}\n`;
}
