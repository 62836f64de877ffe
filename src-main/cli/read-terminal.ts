import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { TerminalInput } from './verb.ts';

/** Standard input as it is: a person at a terminal, a file or a pipe. Questions go to standard error. */
export function readTerminal(): TerminalInput {
  return {
    isTerminal: process.stdin.isTTY === true,
    readAll: () => text(process.stdin),
    async ask(question, { hidden = false } = {}) {
      process.stderr.write(question);
      const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
      const output = hidden ? unseen : process.stderr;
      const lines = createInterface({ input: process.stdin, output, terminal: true });
      try {
        return await lines.question('');
      } finally {
        lines.close();
        if (hidden) process.stderr.write('\n');
      }
    },
  };
}
