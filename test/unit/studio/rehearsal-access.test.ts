import { describe, expect, it } from 'vitest';
import { allProviders } from '../../../src-main/providers/all-providers.ts';
import { rehearsalAccess, rehearsalKey } from '../../../src-main/studio/rehearsal-access.ts';
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
});
