import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../../src-shared/api/contract.ts';
import { explainShot } from '../../../src-shared/explain-shot.ts';
import { tellShotLog } from '../../../src-shared/shot-log.ts';
import type { World } from './world.ts';

const os = implement(contract).attempts;

/** No attempt is kept in the world in memory: logs and explanations come from its journal and its shots. */
export function attemptsRouter(world: World) {
  const notFound = () => new ORPCError('attempt.not-found');
  return {
    ofBatch: os.ofBatch.handler(() => ({ seq: world.journal.length, attempts: [], next: null })),
    timeline: os.timeline.handler(() => {
      throw notFound();
    }),
    shotLog: os.shotLog.handler(({ input: { shotId } }) => {
      const shot = world.shots.get(shotId);
      const about = world.journal.filter(({ body }) => JSON.stringify(body).includes(`"${shotId}"`));
      const explanation = shot ? explainShot(shot, []) : '';
      return { shotId, explanation, attempts: [], lines: tellShotLog(about), truncated: false };
    }),
    explanations: os.explanations.handler(({ input }) => {
      const shots = input.shotIds.flatMap((id) => world.shots.get(id) ?? []);
      return Object.fromEntries(shots.map((shot) => [shot.id, explainShot(shot, [], input.phases)]));
    }),
    inDoubt: os.inDoubt.handler(() => ({ seq: world.journal.length, doubts: [] })),
    reconcile: os.reconcile.handler(() => {
      throw notFound();
    }),
    settleDoubt: os.settleDoubt.handler(() => {
      throw notFound();
    }),
    jobsOut: os.jobsOut.handler(() => []),
    callOff: os.callOff.handler(() => {
      throw notFound();
    }),
    deliver: os.deliver.handler(() => {
      throw notFound();
    }),
  };
}
