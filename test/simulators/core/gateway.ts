/**
 * What stands in front of a provider and answers in its place: a page of its own, a cut line, or the no to a key. No call
 * gets behind it.
 */
import { hit } from './faults.ts';
import type { ProviderName } from './job.ts';
import type { Mount } from './mount.ts';
import { bytes, noAnswer, type Reply } from './reply.ts';
import type { World } from './world.ts';

/** The answer to a call that a `gateway-error` names by a part of its path; null lets the call pass. */
export function answerAtGateway(world: World, provider: ProviderName, path: string): Reply | null {
  const fault = hit(world, ['gateway-error'], callOf(provider), (candidate) => path.includes(candidate.path));
  if (!fault) return null;
  const page = `<!doctype html><html><body><h1>${fault.status}</h1><p>The gateway could not reach the server.</p></body></html>`;
  const reply =
    fault.status === null ? noAnswer() : bytes(fault.status, Buffer.from(page), { 'content-type': 'text/html' });
  return { ...reply, fault: fault.id };
}

/** What a provider says to a key that it took before; null where the key is still good. */
export function answerToKey(world: World, mount: Mount, path: string): Reply | null {
  const { provider, refused } = mount;
  if (!provider || !refused) return null;
  const fault = hit(world, ['revoked-key'], callOf(provider), (candidate) => path.includes(candidate.path));
  return fault && { ...refused(), fault: fault.id };
}

/** A call is no submit yet: only whose it is can be told. */
function callOf(provider: ProviderName) {
  return { provider, endpoint: '', prompt: '', seed: null, ordinals: {} };
}
