import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allProviders } from '../../../src-main/providers/all-providers.ts';
import { listsWithinMs, plans } from '../../../src-main/rehearsal/simulator-process.ts';
import { rehearsalAccess, rehearsalKey } from '../../../src-main/studio/rehearsal-access.ts';
import { faultPlanSchema } from '../../simulators/core/fault-plan.ts';
import { urlsOf } from '../../simulators/start-simulator.ts';

const simulator = 'http://127.0.0.1:4567';
const everyPart = allProviders.flatMap(({ id, baseUrls }) => Object.keys(baseUrls).map((part) => ({ id, part })));
const mounts = JSON.stringify(urlsOf(simulator));

describe('a rehearsal', () => {
  it.each(everyPart)('finds $id/$part at the simulator and nowhere else', ({ id, part }) => {
    const address = rehearsalAccess(() => simulator).address(id, part);
    expect(mounts).toContain(`"${address}"`);
  });

  it('has the simulator’s key for every provider', () => {
    const access = rehearsalAccess(() => simulator);
    for (const { id } of allProviders) expect(access.key(id)).toBe(rehearsalKey);
    expect(rehearsalKey).toMatch(/^sim-/);
  });

  it('reaches nobody while the simulator is not running, and says so', () => {
    const access = rehearsalAccess(() => null);
    for (const { id, part } of everyPart) expect(access.address(id, part)).toMatch(/^http:\/\/127\.0\.0\.1:1\//);
    expect(access.whyNotReady('fal')).toMatch(/not running/);
  });

  it('believes a list as soon as its own simulator lists everything, and one that a person started as long as the engine', () => {
    expect(
      rehearsalAccess(
        () => simulator,
        () => null,
        listsWithinMs,
      ).longestGraceMs,
    ).toBe(listsWithinMs);
    expect(rehearsalAccess(() => simulator).longestGraceMs).toBeUndefined();
  });

  it.each(Object.values(plans))('of %s has a simulator that lists each job within half of that time', (name) => {
    const text = readFileSync(new URL(`../../simulators/plans/${name}`, import.meta.url), 'utf8');
    const { settings } = faultPlanSchema.parse(JSON.parse(text));
    expect(settings.listingLagMs).toBeLessThan(listsWithinMs / 2);
    expect(settings.lists).toBe('all');
  });
});
