import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSharedLearnings, type SharedLearnings } from '../learning/shared-learnings.ts';
import { AppError } from '../platform/app-error.ts';
import { systemClock } from '../platform/clock.ts';
import { durableFiles } from '../platform/durable-files.ts';
import { createSemaphore } from '../platform/semaphore.ts';
import { takeLock } from '../projects/project-lock.ts';

const waitMs = 50;
const maxWaits = 200;

/** The learnings of this user's data folder. Other Circletakes that write there take turns; one that died holds nothing up. */
export function openSharedLearnings(dataFolder: string): SharedLearnings {
  const path = join(dataFolder, 'learnings.json');
  // the lock tells processes apart, not the projects of one process
  const turns = createSemaphore(1);
  return createSharedLearnings({
    ...{ path, markdownPath: join(dataFolder, 'learnings.md'), files: durableFiles, clock: systemClock },
    exclusively: (work) => turns.run(() => underLock(`${path}.lock`, work)),
  });
}

async function underLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (let waits = 0; ; waits++) {
    const lock = await takeLock(path, { clock: systemClock }).catch((error: unknown) => {
      const isHeld = error instanceof AppError && error.code === 'project.in-use';
      if (!isHeld || waits >= maxWaits) throw isHeld ? stillHeld(path) : error;
      return null;
    });
    if (lock) {
      try {
        return await work();
      } finally {
        await lock.release();
      }
    }
    await sleep(waitMs);
  }
}

function stillHeld(path: string): AppError {
  return new AppError({
    code: 'file.unreadable',
    message: 'What all projects have learned is being written by another Circletake, for very long already.',
    hint: `If no other one runs, remove ${path}, then try again.`,
    retry: true,
  });
}
