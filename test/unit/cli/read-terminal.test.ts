import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readTerminal } from '../../../src-main/cli/read-terminal.ts';

function open() {
  const input = new PassThrough();
  const output = new PassThrough();
  let written = '';
  output.setEncoding('utf8').on('data', (text: string) => (written += text));
  return { input, terminal: readTerminal({ input, output }), written: () => written };
}

/** What stands on the line after all that readline has wiped. */
const visible = (written: string) => written.split('\x1b[0J').at(-1) ?? '';

describe('a question at a terminal', () => {
  it('can be read while it is answered', async () => {
    const { input, terminal, written } = open();
    const answer = terminal.ask('12 takes for $4.76. Start? [y/N] ');
    input.write('y\n');
    expect(await answer).toBe('y');
    expect(visible(written())).toContain('12 takes for $4.76. Start? [y/N] ');
  });

  it('for a key shows the question and nothing of the answer', async () => {
    const { input, terminal, written } = open();
    const answer = terminal.ask('Key for fal: ', { hidden: true });
    input.write('typed-key-4711\n');
    expect(await answer).toBe('typed-key-4711');
    expect(written()).toBe('Key for fal: \n');
  });

  it('that is broken off has no answer', async () => {
    const { input, terminal } = open();
    const answer = terminal.ask('Start? [y/N] ');
    input.write('\x03');
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  });
});

it('what comes from a pipe is read to its end', async () => {
  const { input, terminal } = open();
  expect(terminal.isTerminal).toBe(false);
  input.end('line one\nline two');
  expect(await terminal.readAll()).toBe('line one\nline two');
});
