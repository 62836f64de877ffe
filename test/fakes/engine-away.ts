import { makeWorld, type ProductionWorld, type WorldOptions } from './production-world.ts';

export interface EngineAway {
  world: ProductionWorld;
  /** the engine can be reached again */
  comeBack: () => void;
}

/** A world whose engine takes the first job, at this price, and cannot be asked about it until it comes back. */
export function withEngineAway(price: number, options: WorldOptions = {}): EngineAway {
  const world = makeWorld(options);
  world.provider.price = price;
  const answer = world.provider.poll.bind(world.provider);
  let isAway = true;
  world.provider.poll = async (job) => {
    if (isAway && job.id === 'job-1') throw new Error('The engine cannot be reached.');
    return answer(job);
  };
  const comeBack = () => {
    isAway = false;
  };
  return { world, comeBack };
}
