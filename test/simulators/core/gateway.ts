/** What stands in front of a provider and answers in its place: a page of its own, or a cut line. No call gets behind it. */
import { hit } from './faults.ts';
import type { ProviderName } from './job.ts';
import { bytes, noAnswer, type Reply } from './reply.ts';
import type { World } from './world.ts';

/** The answer to a call that a `gateway-error` names by a part of its path; null lets the call pass. */
export function answerAtGateway(world: World, provider: ProviderName, path: string): Reply | null {
  const call = { provider, endpoint: '', prompt: '', seed: null, ordinals: {} };
  const fault = hit(world, ['gateway-error'], call, (candidate) => path.includes(candidate.path));
  if (!fault) return null;
  const page = `<!doctype html><html><body><h1>${fault.status}</h1><p>The gateway could not reach the server.</p></body></html>`;
  const reply =
    fault.status === null ? noAnswer() : bytes(fault.status, Buffer.from(page), { 'content-type': 'text/html' });
  return { ...reply, fault: fault.id };
}
