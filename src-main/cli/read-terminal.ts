import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { TerminalInput } from './verb.ts';

interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  /** where questions go */
  output: NodeJS.WritableStream;
}

/** Standard input as it is: a person at a terminal, a file or a pipe. Questions go to standard error. */
export function readTerminal(
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): TerminalInput {
  return {
    isTerminal: input.isTTY === true,
    readAll: () => text(input),
    async ask(question, { hidden = false } = {}) {
      // what readline writes itself it can write again; a question that stood there before would be wiped from the line
      if (hidden) output.write(question);
      const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
      const lines = createInterface({ input, output: hidden ? unseen : output, terminal: true });
      try {
        return await lines.question(hidden ? '' : question);
      } finally {
        lines.close();
        if (hidden) output.write('\n');
      }
    },
  };
}
