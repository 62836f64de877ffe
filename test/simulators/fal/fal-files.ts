/** fal's files: what was uploaded and what was made, as everybody can fetch it, and as models find it. */
import { fromDataUrl } from '../core/inputs.ts';
import type { Job } from '../core/job.ts';
import { bytes, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { contentTypeOf, resultName, serveResult } from '../core/result-file.ts';
import type { World } from '../core/world.ts';
import { isPicture } from '../media/frame-size.ts';
import { keptUpload, receiveUpload } from './fal-uploads.ts';
import { falFileUrl } from './fal-urls.ts';

/** Everything below /fal-cdn. The urls are signed: no key is asked for. */
export async function falCdn(world: World, request: SimulatorRequest): Promise<Reply> {
  const [, place = '', ...parts] = request.path.split('/');
  if (place === 'files' && request.method === 'GET') return readFile(world, parts[1] ?? '', parts[2] ?? '');
  return receiveUpload(world, request, { place, id: parts[0] ?? '', part: parts[1] ?? null });
}

async function readFile(world: World, id: string, name: string): Promise<Reply> {
  const job = world.store.job('fal', id);
  if (job) {
    const index = Number.parseInt(name, 10);
    return name === resultName(job, index) ? serveResult(world, job, index) : bytes(404, Buffer.from('Not Found'));
  }
  const upload = keptUpload(world, id);
  if (!upload) return bytes(404, Buffer.from('Not Found'));
  return bytes(200, upload.data, { 'content-type': upload.type });
}

/** What a model finds behind a url of its input; null when it cannot be fetched. */
export async function fetchInput(world: World, origin: string, url: string): Promise<Uint8Array | null> {
  const inline = fromDataUrl(url);
  if (inline) return inline;
  const prefix = `${origin}/fal-cdn/files/b/`;
  if (!url.startsWith(prefix)) return null;
  const [id = '', name = ''] = url.slice(prefix.length).split('/');
  const job = world.store.job('fal', id);
  if (job) return world.media.bytesOf(world, job, Number.parseInt(name, 10));
  const upload = keptUpload(world, id);
  const isBroken = upload?.type.startsWith('image/') && !isPicture(upload.data);
  return upload && !isBroken ? upload.data : null;
}

/** A result as fal lists it. */
export async function describeFile(world: World, job: Job, index: number, origin: string) {
  const file = await world.media.bytesOf(world, job, index);
  return { ...nameFile(job, index, origin), file_size: file.byteLength };
}

export function nameFile(job: Job, index: number, origin: string) {
  const name = resultName(job, index);
  return { url: falFileUrl(origin, job.id, name), content_type: contentTypeOf(job), file_name: name };
}
