/** What the plan makes of a job, decided when it is taken: how it ends, when, and what its file is like. */
import { sha256Of } from './canonical-json.ts';
import { hit } from './faults.ts';
import type { Job, JobEffects, JobFailure } from './job.ts';
import type { Submit } from './submit.ts';
import type { World } from './world.ts';

type Subject = Submit & Pick<Job, 'ordinals'>;

/** Asks the plan; every fault that wants the job is a hit. */
export function chooseEffects(world: World, subject: Subject): JobEffects {
  const failure = failureOf(world, subject);
  const late = hit(world, ['late-result'], subject);
  const defect = hit(world, ['media-defect'], subject)?.defect ?? null;
  return {
    extraPolls: late?.extraPolls ?? 0,
    extraMs: late?.extraMs ?? 0,
    defect,
    otherPicture: defect === 'another-face' ? pictureOfAnother(world, subject) : null,
    duplicateOf: hit(world, ['duplicate-result'], subject) ? lastResult(world, subject) : null,
    isLarge: hit(world, ['large-result'], subject) !== null,
    cancelTooLate: hit(world, ['cancel-too-late'], subject) !== null,
    failure,
  };
}

function failureOf(world: World, subject: Subject): JobFailure | null {
  if (subject.flaw) return subject.flaw;
  const filtered = hit(world, ['soft-failure', 'content-policy'], subject, ({ at }) => at === 'result');
  if (filtered) {
    const code = filtered.kind === 'soft-failure' ? filtered.code : null;
    return { kind: 'policy', message: 'The content was filtered.', code, billed: filtered.billed };
  }
  const failed = lastFailure(world, subject);
  return failed && { kind: failed.cause, message: 'The job failed.', code: failed.code, billed: failed.billed };
}

const mostRepeats = 10;

/** How a job fails in the end: one that is repeated meets the fault again, until that has no hits left. */
function lastFailure(world: World, subject: Subject) {
  let failed = hit(world, ['failed-job'], subject);
  for (let turn = 0; turn < mostRepeats && failed && subject.repeats?.(failed.code); turn += 1) {
    failed = hit(world, ['failed-job'], subject);
  }
  return failed;
}

/** The last picture that came with another submit and is none of this one's. */
function pictureOfAnother(world: World, { inputs }: Submit): string | null {
  const own = new Set(inputs.map((bytes) => sha256Of(bytes)));
  const sent = world.store.bill().flatMap(({ inputSha256s }) => inputSha256s);
  return sent.findLast((sha256) => !own.has(sha256)) ?? null;
}

function lastResult(world: World, { provider, media }: Submit): string | null {
  const fits = (job: Job) => job.state === 'succeeded' && job.media.kind === media.kind;
  return world.store.jobs(provider).findLast(fits)?.id ?? null;
}
