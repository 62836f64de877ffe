// The renderer with hot reload, in front of a Studio that runs from its sources. Vite serves the page; what the page asks of
// the Studio is passed on with the Studio's own address as host and origin, so that its door stays as strict as it ships.
// Started by dev.mjs under the project's Node; arguments go to the Studio.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { createServer } from 'vite';
import { inRoot } from './repository.mjs';

const studioArguments = [
  '--watch',
  '--watch-preserve-output',
  inRoot('src-main', 'serve.ts'),
  ...process.argv.slice(2),
];
if (!process.argv.includes('--port')) studioArguments.push('--port', '5290');
const studio = spawn(process.execPath, studioArguments, { cwd: inRoot(), stdio: ['inherit', 'pipe', 'inherit'] });
studio.on('exit', (code) => process.exit(code ?? 1));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => studio.kill(signal));

/** @type {string | null} */
let page = null;
for await (const line of createInterface({ input: studio.stdout })) {
  const link = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
  if (link && page === null) page = await serveRenderer(link);
  console.log(link && page ? line.replace(link, page) : line);
}

/** @param {string} studioUrl */
async function serveRenderer(studioUrl) {
  const { default: settings } = await import(pathToFileURL(inRoot('electron.vite.config.ts')).href);
  const server = await createServer({
    ...settings.renderer,
    configFile: false,
    logLevel: 'warn',
    server: {
      host: '127.0.0.1',
      proxy: {
        '^/(rpc|media|upload|enter)\\b': {
          target: studioUrl,
          changeOrigin: true,
          configure(proxy) {
            proxy.on('proxyReq', (request) => {
              if (request.getHeader('origin')) request.setHeader('origin', studioUrl);
            });
          },
        },
      },
    },
  });
  await server.listen();
  return `http://127.0.0.1:${server.config.server.port}`;
}
