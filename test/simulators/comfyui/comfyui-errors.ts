import { bytes, json, type Reply } from '../core/reply.ts';
import { type Refusal, retryAfter } from '../core/voice.ts';

/** How ComfyUI refuses: pages for most things, JSON for a graph that cannot run. */
export function refuseAsComfyui(refusal: Refusal): Reply {
  switch (refusal.kind) {
    case 'server':
      return bytes(
        refusal.status,
        Buffer.from(`${refusal.status} Internal Server Error\n\nServer got itself in trouble`),
      );
    case 'rate-limit':
      return bytes(429, Buffer.from('Too many requests'), retryAfter(refusal.retryAfterSeconds));
    case 'not-found':
      return json(200, {});
    case 'unauthorized':
      return bytes(401, Buffer.from('Unauthorized'));
    default: {
      const message = refusal.kind === 'invalid' ? (refusal.issues[0]?.message ?? '') : 'Cannot execute';
      return invalidPrompt('invalid_prompt', message);
    }
  }
}

/** A graph that cannot run, node by node. */
export function invalidPrompt(type: string, message: string, nodeErrors: object = {}): Reply {
  return json(400, { error: { type, message, details: message, extra_info: {} }, node_errors: nodeErrors });
}
