import { approve, reject, reroute } from '../../src-main/review/decide.ts';
import { override } from '../../src-main/review/override.ts';
import type { ReviewDeps } from '../../src-main/review/review-deps.ts';
import { undo } from '../../src-main/review/undo.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import { type ProductionWorld, shotIdOf } from './production-world.ts';

/** The director of a world, deciding on the previs of its shots. */
export function reviewDesk(world: ProductionWorld) {
  const { disk, deps } = world;
  const copyAndHash = async (source: string, destination: string) => {
    await disk.files.linkOrCopy(source, destination);
    return disk.hashOf(destination);
  };
  const review: ReviewDeps = {
    ...{ store: deps.store, clock: deps.clock, ids: deps.ids, paths: deps.paths, files: deps.files, gates: deps.gates },
    media: { ...disk.media, copyAndHash } as ReviewDeps['media'],
    ...{ project: () => world.project, person: 'mara', wake: () => world.orchestrator.wake() },
  };
  return {
    review,
    approve: (takeId: string, note = '') => approve({ takeId, note }, review),
    reject: (takeId: string, note = '') => reject({ takeId, reasons: ['motion'], note }, review),
    reroute: (shot: number, workflowId: string) =>
      reroute({ shotId: shotIdOf(shot), phase: 'previs', workflowId, note: '' }, review),
    /** A picture of the director's own takes the place of what the line makes. */
    override(shot: number, content = `still of the director's for shot ${shot}`, phase: Phase = 'previs') {
      const file = `/uploads/own-${shot}`;
      disk.contents.set(file, content);
      const order = { shotId: shotIdOf(shot), phase, file, fileName: 'own.png', reason: 'mine' };
      return override(order, review);
    },
    undo: () => undo(undefined, review),
  };
}
