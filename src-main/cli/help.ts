import type { Verb } from './verb.ts';
import { wrapLine } from './wrap-line.ts';

const columns = 80;

const exitCodeHelp = [
  'Exit codes:',
  '  0  done                    5  budget exhausted',
  '  1  anything else           6  project in use by another process',
  '  2  usage                   7  fatal: the batch itself ended',
  '  3  awaiting operator     130  interrupted: on hold, the same command goes on',
  '  4  verification mismatch',
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
    ...wrapUsage(`circletake ${[name, usage, '[--json] [--help]'].filter(Boolean).join(' ')}`),
    '',
    ...[summary, ...paragraphsOf(help)].flatMap((text) => wrapLine(`  ${text}`, columns)),
    '',
    ...exitCodeHelp,
  ];
  return `${lines.join('\n')}\n`;
}

/** Lines of a help as they belong together: one goes on with the sentence before it until that has ended. */
function paragraphsOf(lines: readonly string[]): string[] {
  const paragraphs: string[] = [];
  for (const line of lines) {
    const before = paragraphs.at(-1);
    const isNew = before === undefined || before.endsWith('.') || /^(--|JSON)/.test(line);
    if (isNew) paragraphs.push(line);
    else paragraphs[paragraphs.length - 1] = `${before} ${line}`;
  }
  return paragraphs;
}

/** A usage in lines that fit a terminal; an option stays with its value. */
function wrapUsage(usage: string): string[] {
  const lines: string[] = [];
  for (const part of usage.split(/ (?=\[|--)/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + part.length < columns) lines[lines.length - 1] = `${line} ${part}`;
    else lines.push(line === undefined ? part : `    ${part}`);
  }
  return lines;
}
