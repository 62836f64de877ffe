// circletake <verb>: the Studio without a face, for scripts. `npm run --silent cli -- <verb>` runs it from the sources.
import { readTerminal } from './cli/read-terminal.ts';
import { runCli } from './cli/run-cli.ts';
import { createStderrLogger } from './platform/logger.ts';
import { findDataFolder } from './shell/data-folder.ts';
import { listenForStop } from './shell/stop-signals.ts';

// A reader that closes the pipe early (head) has what it wanted, and work goes on when its terminal or its log is gone.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

// Work in progress may wait on nothing that keeps a process alive; the verb decides when it is over.
setInterval(() => {}, 60_000);

const stopping = 'Stopping: what is under way is written down first. Once more (Ctrl-C) ends it at once.\n';

/** At less than this nothing is readable, and one that says nothing of its width is taken for a terminal of old. */
const columnsOf = ({ isTTY, columns }: NodeJS.WriteStream) => (isTTY ? Math.max(40, columns || 80) : undefined);

const code = await runCli({
  args: process.argv.slice(2),
  // loaded when a verb needs it: --help answers at once
  createStudio: async (options) => (await import('./studio.ts')).createStudio(options),
  dataFolder: findDataFolder(),
  // at a terminal what a person must know is said by the verbs; a log is kept where one is written
  logger: createStderrLogger(process.stderr.isTTY ? 'error' : 'warn'),
  stop: listenForStop({ onFirst: () => process.stderr.write(stopping) }),
  stdin: readTerminal(),
  columns: { out: columnsOf(process.stdout), err: columnsOf(process.stderr) },
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
// what was written leaves before the process does
process.stdout.write('', () => process.exit(code));
