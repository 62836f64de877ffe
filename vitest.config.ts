import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

// Programs that tests start from the sources are compiled once and not at each start, which halves what a start costs.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));

// Where tests start programs they mostly wait for them: two files more than there are processors keep these busy.
const cores = availableParallelism();
const waitingWorkers = cores + 2;

// Limits in time are there to end what hangs. They are far above what a test takes, because other work on the machine must
// not fail it.
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}', 'test/policy/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Files of one worker share what they import: two thirds of the time went into importing it anew.
          isolate: false,
          maxWorkers: cores,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          maxWorkers: waitingWorkers,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'fault',
          include: ['test/fault/**/*.test.ts'],
          testTimeout: 1_500_000,
          hookTimeout: 120_000,
          maxWorkers: waitingWorkers,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
