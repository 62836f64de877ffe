import { describe, expect, it } from 'vitest';
import { makeWorld, type ProductionWorld } from '../../../fakes/production-world.ts';

/** A world that tells which files of takes were hashed and probed, besides the references that are sent. */
async function watchedWorld(): Promise<{ world: ProductionWorld; hashed: string[]; probed: string[] }> {
  const world = makeWorld();
  const { media } = world.disk;
  const [hashed, probed]: [string[], string[]] = [[], []];
  await world.restart({
    media: {
      hash(path, signal) {
        if (!path.includes('/assets/')) hashed.push(path);
        return media.hash(path, signal);
      },
      probe(path, signal) {
        probed.push(path);
        return media.probe(path, signal);
      },
    },
  });
  return { world, hashed, probed };
}

describe('a file that an engine has made', () => {
  it('is read once, where it was fetched, before it has its place', async () => {
    const { world, hashed, probed } = await watchedWorld();
    world.startBatch();
    await world.rest();
    const [take] = world.store.takesOfEpisode('EP001');
    expect(take?.probe).toMatchObject({ playability: 'native' });
    expect(hashed).toEqual([expect.stringContaining('att_')]);
    expect(probed).toEqual(hashed);
  });
});
