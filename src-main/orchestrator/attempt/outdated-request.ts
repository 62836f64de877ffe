import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { canonicalJson } from '../canonical-json.ts';
import { type ComposeDeps, composeRequest } from '../request/compose-request.ts';

/**
 * Why a request that was recorded and not sent is not what its shot asks for now: plan, heroes and start frame may have
 * changed while it waited. What a repair of the machine had added is no difference. Null when it may be sent as it stands.
 */
export function whyOutdated(deps: ComposeDeps, shot: Shot, request: GenerationRequest): string | null {
  const { phase, provider, workflowId, seed } = request;
  const order = { shot, phase, provider, decided: workflowId, seed: seed ?? 0, startFrame: 'required' as const };
  const composed = composeRequest(deps, order);
  if (composed.kind === 'refused') return `${composed.reason} It was not sent yet.`;
  const now = composed.request;
  if (essence(now) !== essence(request) || !request.negativePrompt.startsWith(now.negativePrompt)) {
    return 'The plan was changed before it was sent.';
  }
  const isOldHero = now.refs.some(({ role, hash }) =>
    request.refs.some((ref) => ref.role === role && ref.hash !== hash),
  );
  return isOldHero || request.refs.length < now.refs.length ? 'Its references were changed before it was sent.' : null;
}

/** All that no repair touches. */
function essence({ refs: _refs, negativePrompt: _negative, seed: _seed, ...rest }: GenerationRequest): string {
  return canonicalJson(JSON.parse(JSON.stringify(rest)));
}
