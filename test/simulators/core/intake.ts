/**
 * How every provider takes a submit: faults before it, then the job and its row of the bill in one transaction, then faults
 * after it. What is in the bill was accepted, whether or not an answer left.
 */
import { canonicalJson, sha256Of } from './canonical-json.ts';
import { chooseEffects } from './effects.ts';
import type { FaultSubject } from './fault-plan.ts';
import { countSubmit, hit } from './faults.ts';
import type { Job } from './job.ts';
import { finishNow } from './progress.ts';
import { noAnswer, type Reply } from './reply.ts';
import type { Submit } from './submit.ts';
import type { Refuse } from './voice.ts';
import { isoTime, type World } from './world.ts';

export interface Voice {
  refuse: Refuse;
  accepted: (job: Job) => Reply | Promise<Reply>;
}

/** Takes a well-formed submit. */
export async function takeSubmit(world: World, submit: Submit, voice: Voice): Promise<Reply> {
  const ordinals = world.store.together(() => countSubmit(world, submit));
  const subject = { ...submit, ordinals };
  const refused = refuseByFault(world, subject, voice.refuse);
  if (refused) return refused;
  const job = world.store.together(() => accept(world, submit, ordinals));
  const after = hit(world, ['accept-then-drop', 'accept-then-500', 'slow-headers'], subject, onSubmit);
  if (after?.kind === 'accept-then-drop') return { ...noAnswer(), fault: after.id };
  if (after?.kind === 'accept-then-500') {
    return { ...voice.refuse({ kind: 'server', status: after.status }), fault: after.id };
  }
  const reply = await voice.accepted(job);
  return after ? { ...reply, delayMs: after.delayMs, fault: after.id } : reply;
}

function refuseByFault(world: World, subject: FaultSubject & Pick<Job, 'ordinals'>, refuse: Refuse): Reply | null {
  const fault = hit(
    world,
    [
      'drop-unaccepted',
      'reject-500-unbilled',
      'insufficient-funds',
      'bad-request',
      'unauthorized',
      'content-policy',
      'soft-failure',
      'rate-limit',
    ],
    subject,
    onSubmit,
  );
  if (!fault) return null;
  const answer = () => {
    switch (fault.kind) {
      case 'drop-unaccepted':
        return noAnswer();
      case 'reject-500-unbilled':
        return refuse({ kind: 'server', status: fault.status });
      case 'insufficient-funds':
        return refuse({ kind: 'funds' });
      case 'unauthorized':
        return refuse({ kind: 'unauthorized' });
      case 'content-policy':
        return refuse({ kind: 'policy' });
      case 'soft-failure':
        return refuse({ kind: 'soft', code: fault.code });
      case 'rate-limit':
        return refuse({ kind: 'rate-limit', retryAfterSeconds: fault.retryAfterSeconds });
      case 'bad-request':
        return refuse({
          kind: 'invalid',
          issues: [{ loc: ['body', 'prompt'], message: fault.message, type: 'value_error' }],
        });
    }
  };
  return { ...answer(), fault: fault.id };
}

function onSubmit(fault: object): boolean {
  const named = fault as { on?: string; at?: string };
  return (named.on ?? 'submit') === 'submit' && (named.at ?? 'submit') === 'submit';
}

const noCharge = { unitMicroUsd: 0, units: 0 };

function accept(world: World, submit: Submit, ordinals: Record<string, number>): Job {
  const { provider, endpoint, prompt, seed, media } = submit;
  const charge = submit.flaw ? noCharge : world.prices.charge(provider, endpoint, submit.parameters, media);
  const costDiffers = hit(world, ['cost-differs'], { ...submit, ordinals });
  const job: Job = {
    ...{ id: submit.id ?? world.newId(), provider, endpoint, prompt, seed, media, ordinals },
    externalId: submit.externalId ?? null,
    requestSha256: sha256Of(canonicalJson(submit.input)),
    inputSha256s: submit.inputs.map((bytes) => sha256Of(bytes)),
    effects: chooseEffects(world, { ...submit, ordinals }),
    microUsd: Math.ceil(charge.unitMicroUsd * charge.units * (costDiffers?.factor ?? 1)),
    unitMicroUsd: charge.unitMicroUsd,
    ...{ state: 'queued', polls: 0, startedAtPoll: null, createdAt: world.now(), startedAt: null, endedAt: null },
  };
  world.store.addJob(job, submit.input);
  const { requestSha256, inputSha256s, externalId, microUsd } = job;
  if (!submit.flaw) {
    world.store.addToBill({
      ...{ provider, endpoint, requestId: job.id, externalId, requestSha256, inputSha256s, prompt, seed },
      ...{ micro_usd: microUsd, at: isoTime(job.createdAt), status: job.state, refunded: false },
    });
  }
  world.media.keepInputs(submit.inputs);
  return submit.synchronous ? finishNow(world, job) : job;
}
