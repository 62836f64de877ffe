/** How jobs move on: by being asked for, and by the clock. What a job ends as was decided when it was accepted. */
import { isOver, type Job } from './job.ts';
import type { World } from './world.ts';

/** A status question: counts as a poll and moves the job on. */
export function pollJob(world: World, job: Job): Job {
  return isOver(job.state) ? job : moveOn(world, { ...job, polls: job.polls + 1 });
}

/** Moves the job on by the clock alone. */
export function lookAtJob(world: World, job: Job): Job {
  return isOver(job.state) ? job : moveOn(world, job);
}

/** Ends a job at once, for providers that answer with the result. */
export function finishNow(world: World, job: Job): Job {
  return end(world, { ...job, startedAt: world.now() });
}

export type CancelAnswer = 'cancelled' | 'too-late' | 'over';

/** Cancels what is not over by now. `billed`: the provider charges for what was running. */
export function cancelJob(world: World, before: Job, { billed }: { billed: boolean }): CancelAnswer {
  const job = lookAtJob(world, before);
  if (isOver(job.state)) return 'over';
  if (job.state === 'running' && job.effects.cancelTooLate) return 'too-late';
  save(world, { ...job, state: 'cancelled', endedAt: world.now() }, !(billed && job.state === 'running'));
  return 'cancelled';
}

function moveOn(world: World, job: Job): Job {
  const { pace, concurrency } = world.plan().settings;
  const now = world.now();
  let next = job;
  if (next.state === 'queued') {
    const waited = next.polls > pace.queuePolls || (pace.queuePolls === 0 && next.polls === 0);
    const free = concurrency === null || world.store.countJobs(job.provider, 'running') < concurrency;
    if (waited && free && now - next.createdAt >= pace.queueMs) {
      next = { ...next, state: 'running', startedAt: now, startedAtPoll: next.polls };
    }
  }
  if (next.state === 'running') {
    const polled = next.polls - (next.startedAtPoll ?? 0) >= pace.runPolls + job.effects.extraPolls;
    const ran = now - (next.startedAt ?? now) >= pace.runMs + job.effects.extraMs;
    if (polled && ran) return end(world, next);
  }
  if (next !== job || next.polls !== 0) save(world, next, false);
  return next;
}

function end(world: World, job: Job): Job {
  const { failure } = job.effects;
  const ended: Job = { ...job, state: failure ? 'failed' : 'succeeded', endedAt: world.now() };
  return save(world, ended, failure !== null && !failure.billed);
}

function save(world: World, job: Job, refunded: boolean): Job {
  world.store.together(() => {
    world.store.saveJob(job);
    world.store.settleBill(job.id, job.state, refunded);
  });
  return job;
}
