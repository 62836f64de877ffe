import { resolve } from 'node:path';
import { rendererFolder } from '../shell/program-facts.ts';
import { readPort } from '../shell/read-port.ts';
import { serveInTerminal } from '../shell/serve-in-terminal.ts';
import { exitCodes, type Verb } from './verb.ts';

export const serveVerb: Verb = {
  name: 'serve',
  usage: '<dir> [--port N]',
  summary: 'open a production in a browser on this machine',
  help: [
    'Prints a link that signs one browser in, once, and runs until it is stopped.',
    'JSON: {"url"}, printed as soon as it listens; later links go to standard error.',
  ],
  options: { port: { type: 'string' } },
  positionals: { min: 1, max: 1 },
  async run({ input, createStudio, dataFolder, logger, say, answerNow, stop }) {
    await serveInTerminal({
      createStudio,
      dataFolder,
      folders: input.positionals.map((folder) => resolve(folder)),
      port: readPort(input.text('port')),
      rendererFolder: rendererFolder(),
      logger,
      stop,
      onReady: (url) => answerNow({ value: { url }, lines: [`Open Circletake: ${url}`] }),
      onNewLink: (url) => say(`To open it once more: ${url}`),
      onJobsOut: say,
    });
    return { exitCode: exitCodes.done, answer: null };
  },
};
