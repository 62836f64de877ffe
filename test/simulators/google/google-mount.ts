/** Google's address: both kinds of calls, operations, and the way to the files of results, which wants the key too. */
import type { Mount } from '../core/mount.ts';
import { bytes, json, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { resultUrl } from '../core/result-url.ts';
import { isSimulatorKey } from '../core/sim-key.ts';
import type { World } from '../core/world.ts';
import { refuseAsGoogle } from './google-errors.ts';
import { generateImage } from './google-image.ts';
import { readOperation, startVideo } from './google-video.ts';

const call = /^\/v1(?:beta)?\/models\/([\w.-]+):(\w+)$/;
const operation = /^\/v1(?:beta)?\/models\/([\w.-]+)\/operations\/([\w-]+)$/;
const file = /^\/v1(?:beta)?\/files\/([\w-]+):download$/;

async function handle(world: World, request: SimulatorRequest): Promise<Reply> {
  const { method, path } = request;
  const [, model = '', verb] = call.exec(path) ?? [];
  if (method === 'POST' && verb === 'predictLongRunning') return startVideo(world, request, model);
  if (method === 'POST' && verb === 'generateContent') return generateImage(world, request, model);
  if (method !== 'GET') return refuseAsGoogle({ kind: 'not-found' });
  // What a key is tried out on.
  if (/^\/v1(?:beta)?\/models$/.test(path)) return json(200, { models: [{ name: 'models/simulated' }] });
  const [, ofModel, id] = operation.exec(path) ?? [];
  const job = world.store.job('google', id ?? file.exec(path)?.[1] ?? '');
  if (!job) return refuseAsGoogle({ kind: 'not-found' });
  // The file itself lies elsewhere, where no key is wanted.
  if (file.test(path)) return bytes(302, new Uint8Array(), { location: resultUrl(request.origin, job) });
  return job.endpoint === ofModel ? readOperation(world, request, job) : refuseAsGoogle({ kind: 'not-found' });
}

export const googleMount: Mount = {
  prefix: 'google',
  provider: 'google',
  isLetIn: ({ headers, query }) => isSimulatorKey(headers['x-goog-api-key']?.toString() ?? query.get('key')),
  refused: () => refuseAsGoogle({ kind: 'unauthorized' }),
  handle,
};
