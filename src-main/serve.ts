// npm start without a desktop: the Studio for a browser on this machine. Arguments: project folders, --port N.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createStderrLogger } from './platform/logger.ts';
import { findDataFolder } from './shell/data-folder.ts';
import { explainError } from './shell/explain-error.ts';
import { rendererFolder } from './shell/program-facts.ts';
import { readPort } from './shell/read-port.ts';
import { serveInTerminal } from './shell/serve-in-terminal.ts';
import { listenForStop } from './shell/stop-signals.ts';
import { createStudio } from './studio.ts';

const logger = createStderrLogger('warn');
try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { port: { type: 'string' } } });
  await serveInTerminal({
    createStudio,
    dataFolder: findDataFolder(),
    folders: positionals.map((folder) => resolve(folder)),
    port: readPort(values.port),
    rendererFolder: rendererFolder(),
    logger,
    stop: listenForStop(),
    onReady: (link) => process.stdout.write(`Open Circletake: ${link}\n`),
    onNewLink: (link) => process.stdout.write(`To open it once more: ${link}\n`),
    onJobsOut: (text) => process.stdout.write(`${text}\n`),
  });
  process.exit(0);
} catch (error) {
  process.stderr.write(`${explainError(error, logger)}\n`);
  process.exit(1);
}
