/**
 * The simulator as a program (`--help` says how it is started). Prints one line of JSON when it listens, and goes on until it
 * is told to stop: it outlives whoever started it, as a provider would. With `--while-stdin` it ends when its standard input
 * closes, and so with whoever holds the other end.
 */

import { forgetComfyui } from './comfyui/comfyui-mount.ts';
import { help, readCommandLine, type StartOrder } from './command-line.ts';
import { readFaultPlan } from './core/fault-plan.ts';
import { StartError } from './core/start-error.ts';
import { openWorld } from './core/world.ts';
import { serveWorld } from './simulator-server.ts';

// The one who started it may be gone: then there is nobody to tell.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  const order = readCommandLine(process.argv.slice(2));
  if (order === null) process.stdout.write(help);
  else await start(order);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\nnpm run simulate -- --help says more.\n`);
  process.exitCode = 2;
}

async function start({ folder, port, faultPlan, ffmpeg, whileStdin }: StartOrder): Promise<void> {
  const plan = faultPlan === null ? null : readFaultPlan(faultPlan);
  const world = openWorld({ folder, plan, ffmpeg });
  const { server, url } = await serveWorld(world, port).catch((error: unknown) => {
    world.close();
    throw error;
  });
  forgetComfyui(world);
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    // An answer that is still held back would keep it alive.
    server.close(() => {
      world.close();
      process.exit(0);
    });
    server.closeAllConnections();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (whileStdin) process.stdin.on('close', stop).resume();
  process.stdout.write(`${JSON.stringify({ ready: true, url, pid: process.pid })}\n`);
}
