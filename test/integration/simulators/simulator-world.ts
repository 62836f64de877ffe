import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningSimulator, startSimulator } from '../../simulators/start-simulator.ts';

/** A simulator in a folder of the test's own, and the requests that tests of its protocols make. */
export interface SimulatorWorld {
  simulator: RunningSimulator;
  folder: string;
  /** Ends it as a crash would and starts it again where it was. */
  crashAndRestart(): Promise<void>;
  close(): Promise<void>;
}

export async function openSimulatorWorld(): Promise<SimulatorWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'circletake-simulator-'));
  const world: SimulatorWorld = {
    folder,
    simulator: await startSimulator({ folder }),
    crashAndRestart: async () => {
      const { port } = world.simulator;
      await world.simulator.kill('SIGKILL');
      world.simulator = await startSimulator({ folder, port });
    },
    close: async () => {
      await world.simulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}
