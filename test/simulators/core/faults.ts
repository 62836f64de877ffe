/** Which fault hits: asks the plan, counts hits durably, in the order of the plan. */
import { type Fault, type FaultKind, type FaultSubject, fitsOrdinal, fitsSubject } from './fault-plan.ts';
import type { Job } from './job.ts';
import type { World } from './world.ts';

type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>;

/** Counts a submit for every fault it fits: its place in each row. */
export function countSubmit(world: World, subject: FaultSubject): Record<string, number> {
  const fitting = world.plan().faults.filter((fault) => fitsSubject(fault, subject));
  return Object.fromEntries(fitting.map(({ id }) => [id, world.store.countSeen(id)]));
}

/** The first fault of these kinds that wants this submit and has hits left; counts the hit. */
export function hit<K extends FaultKind>(
  world: World,
  kinds: readonly K[],
  subject: FaultSubject & Pick<Job, 'ordinals'>,
  also: (fault: FaultOf<K>) => boolean = () => true,
): FaultOf<K> | null {
  const found = world
    .plan()
    .faults.filter((fault): fault is FaultOf<K> => (kinds as readonly FaultKind[]).includes(fault.kind))
    .find(
      (fault) =>
        fitsSubject(fault, subject) &&
        fitsOrdinal(fault, subject.ordinals) &&
        also(fault) &&
        (fault.times === 'always' || world.store.hits(fault.id) < fault.times),
    );
  if (found) world.store.countHit(found.id);
  return found ?? null;
}
