import type { AttemptFact } from '../../src-shared/domain/attempt-step.ts';
import { explainShot } from '../../src-shared/explain-shot.ts';
import { tellShotLog } from '../../src-shared/shot-log.ts';
import type { AttemptServices } from '../api/studio-services.ts';
import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import { AppError } from '../platform/app-error.ts';
import type { Production } from './production.ts';
import { shotNotFound } from './take-services.ts';

/** Attempts as people look at them: of a batch, of a shot, one by one, and those in doubt. */
export function createAttemptServices(
  { store, uploads }: Pick<Production, 'store' | 'uploads'>,
  {
    doubts,
    deliver,
    jobsOut,
    jobOut,
    callOff,
  }: Pick<Orchestrator, 'doubts' | 'deliver' | 'jobsOut' | 'jobOut' | 'callOff'>,
  person: string,
): AttemptServices {
  return {
    async ofBatch({ batchId, cursor, limit }) {
      if (!store.batch(batchId)) {
        throw new AppError({ code: 'batch.not-found', message: `There is no batch ${batchId} in this project.` });
      }
      const { facts, next } = store.factsOfBatch(batchId, { before: cursor, limit });
      return { seq: store.lastSeq(), attempts: facts, next };
    },
    async timeline(attemptId) {
      const attempt = store.attempt(attemptId);
      if (attempt) return { attempt, steps: store.stepsOf(attemptId), job: jobOut(attempt) };
      throw new AppError({ code: 'attempt.not-found', message: `There is no attempt ${attemptId} in this project.` });
    },
    async shotLog(shotId, limit) {
      const shot = store.shot(shotId);
      if (!shot) throw shotNotFound(shotId);
      const attempts = store.factsOfShots([shotId]);
      const events = store.eventsOfShot(shotId, limit + 1);
      const lines = tellShotLog(events.slice(-limit));
      return { shotId, explanation: explainShot(shot, attempts), attempts, lines, truncated: events.length > limit };
    },
    async explanations(shotIds, phases) {
      const byShot = Map.groupBy(store.factsOfShots(shotIds), (fact: AttemptFact) => fact.shotId);
      const found = shotIds.flatMap((id) => store.shot(id) ?? []);
      return Object.fromEntries(found.map((shot) => [shot.id, explainShot(shot, byShot.get(shot.id) ?? [], phases)]));
    },
    inDoubt: async () => ({ seq: store.lastSeq(), doubts: doubts.list() }),
    reconcile: (attemptId) => doubts.ask(attemptId, person),
    lookAgain: () => doubts.lookAgain(),
    async settleDoubt(attemptId, answer) {
      const order = { attemptId, answer, person };
      await doubts.check(order);
      return doubts.settle(order);
    },
    jobsOut: async (batchId) => jobsOut(batchId),
    callOff: async (attemptId) => callOff({ attemptId, person }),
    async deliver(attemptId, uploadId) {
      const { path, fileName } = uploads.find(uploadId);
      const shotPhase = await deliver({ attemptId, file: path, fileName, person });
      await uploads.discard(uploadId);
      return shotPhase;
    },
  };
}
