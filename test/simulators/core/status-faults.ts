/** The faults of a status question, in any provider's words. */
import { hit } from './faults.ts';
import type { Job } from './job.ts';
import type { Reply } from './reply.ts';
import type { Refuse } from './voice.ts';
import type { World } from './world.ts';

/** Answers a question for a job: as the provider does, or as the plan wants it. */
export async function answerStatus(
  world: World,
  job: Job,
  voice: { refuse: Refuse; answer: () => Reply | Promise<Reply> },
): Promise<Reply> {
  const fault = hit(
    world,
    ['unknown-id', 'cut-status', 'status-500', 'rate-limit', 'slow-headers'],
    job,
    (candidate) => !('on' in candidate) || candidate.on === 'status',
  );
  switch (fault?.kind) {
    case undefined:
      return voice.answer();
    case 'unknown-id':
      return { ...voice.refuse({ kind: 'not-found' }), fault: fault.id };
    case 'status-500':
      return { ...voice.refuse({ kind: 'server', status: fault.status }), fault: fault.id };
    case 'rate-limit':
      return { ...voice.refuse({ kind: 'rate-limit', retryAfterSeconds: fault.retryAfterSeconds }), fault: fault.id };
    case 'cut-status':
      return { ...(await voice.answer()), cut: 'half-way', fault: fault.id };
    case 'slow-headers':
      return { ...(await voice.answer()), delayMs: fault.delayMs, fault: fault.id };
  }
}
