/**
 * The simulator as a program: `main.ts --folder <dir> [--port 0] [--fault-plan <file>] [--ffmpeg <path>] [--while-stdin]`. Prints
 * one line of JSON when it listens, and goes on until it is told to stop: it outlives whoever started it, as a provider would.
 * With `--while-stdin` it ends when its standard input closes, and so with whoever holds the other end.
 */
import { parseArgs } from 'node:util';
import { forgetComfyui } from './comfyui/comfyui-mount.ts';
import { readFaultPlan } from './core/fault-plan.ts';
import { openWorld } from './core/world.ts';
import { serveWorld } from './simulator-server.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '0' },
    'fault-plan': { type: 'string' },
    ffmpeg: { type: 'string', default: process.env.CIRCLETAKE_FFMPEG ?? 'ffmpeg' },
    'while-stdin': { type: 'boolean', default: false },
  },
});

if (!values.folder) {
  process.stderr.write('Say where the simulator keeps its bill: --folder <dir>\n');
  process.exit(2);
}
// The one who started it may be gone: then there is nobody to tell.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const plan = values['fault-plan'] ? readFaultPlan(values['fault-plan']) : null;
const world = openWorld({ folder: values.folder, plan, ffmpeg: values.ffmpeg });
forgetComfyui(world);
const { server, url } = await serveWorld(world, Number(values.port));

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  // An answer that is still held back would keep it alive.
  server.close(() => {
    world.close();
    process.exit(0);
  });
  server.closeAllConnections();
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (values['while-stdin']) process.stdin.on('close', stop).resume();
process.stdout.write(`${JSON.stringify({ ready: true, url, pid: process.pid })}\n`);
