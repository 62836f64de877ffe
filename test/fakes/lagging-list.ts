import type { ReconcileAnswer } from '../../src-main/orchestrator/ports/provider.ts';
import type { Attempt, GenerationRequest } from '../../src-shared/domain/attempt.ts';
import type { ProductionWorld } from './production-world.ts';

/** The list of a world's engine as a test holds it: searched by time and by what was sent, as fal's is. */
export interface LaggingList {
  /** jobs that it does not show yet */
  readonly hidden: Set<string>;
  /** by how much its clock is ahead of the machine's real time */
  aheadMs: number;
  /** it answers with an error */
  isDown: boolean;
  /** attempts that were asked about */
  readonly asked: string[];
}

const marginMs = 2000;

/** Gives a world's engine a list of jobs in place of the knowledge whose each is; jobs are hidden as they come. */
export function keepLaggingList(world: ProductionWorld): LaggingList {
  const { provider, clock } = world;
  const sentAt = new Map<string, number>();
  const list: LaggingList = { hidden: new Set(), aheadMs: 0, isDown: false, asked: [] };
  const set = provider.jobs.set.bind(provider.jobs);
  provider.jobs.set = (id, job) => {
    sentAt.set(id, clock.monotonicMs());
    list.hidden.add(id);
    return set(id, job);
  };
  const isAlike = (one: GenerationRequest, other: GenerationRequest) =>
    one.prompt === other.prompt && one.seed === other.seed;
  provider.reconcile = async ({ id: attemptId, request, createdAt }: Attempt): Promise<ReconcileAnswer> => {
    list.asked.push(attemptId);
    if (list.isDown) throw new Error('The list is down.');
    const since = Date.parse(createdAt) + list.aheadMs - marginMs;
    const jobs = [...provider.jobs]
      .filter(([id, job]) => !list.hidden.has(id) && isAlike(job.request, request) && (sentAt.get(id) ?? 0) >= since)
      .map(([id]) => ({ job: { id, data: {} }, sentAt: null, note: '', isExact: true }));
    const [first] = jobs;
    if (!first) return { kind: 'absent' };
    return jobs.length === 1 ? { kind: 'found', job: first.job } : { kind: 'ambiguous', jobs };
  };
  return list;
}
