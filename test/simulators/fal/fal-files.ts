/** fal's files: uploads (one PUT, or in parts), what was uploaded, and the files of results. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fromDataUrl } from '../core/inputs.ts';
import type { Job } from '../core/job.ts';
import { bytes, json, jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { contentTypeOf, resultName, serveResult } from '../core/result-file.ts';
import type { World } from '../core/world.ts';
import { refuseAsFal } from './fal-errors.ts';

const initiateSchema = z.object({ content_type: z.string().min(1), file_name: z.string().min(1) });
const token = /^[0-9a-f-]{36}$/;

/** The address of a job's nth result, or of an upload. */
export function falFileUrl(origin: string, id: string, name: string): string {
  return `${origin}/fal-cdn/files/b/${id}/${encodeURIComponent(name)}`;
}

/** `POST storage/upload/initiate`, and `initiate-multipart`. */
export function initiateUpload(world: World, request: SimulatorRequest): Reply {
  const multipart = request.path.endsWith('/initiate-multipart');
  if (request.query.get('storage_type') !== 'fal-cdn-v3') {
    return json(400, { detail: 'storage_type must be fal-cdn-v3' });
  }
  const read = initiateSchema.safeParse(jsonBody(request));
  if (!read.success) return json(422, { detail: z.prettifyError(read.error) });
  const id = world.newId();
  const { file_name: name, content_type: type } = read.data;
  mkdirSync(uploadFolder(world, id), { recursive: true });
  writeFileSync(join(uploadFolder(world, id), 'head.json'), JSON.stringify({ name, type }));
  const upload = `${request.origin}/fal-cdn/${multipart ? 'multipart' : 'upload'}/${id}`;
  return json(200, { file_url: falFileUrl(request.origin, id, name), upload_url: `${upload}?signature=${id}` });
}

/** Everything below /fal-cdn. The urls are signed: no key is asked for. */
export async function falCdn(world: World, request: SimulatorRequest): Promise<Reply> {
  const [, place = '', ...parts] = request.path.split('/');
  if (place === 'files' && request.method === 'GET') return readFile(world, parts[1] ?? '', parts[2] ?? '');
  const [id = '', part] = parts;
  if (!token.test(id) || request.query.get('signature') !== id) return bytes(403, Buffer.from('Forbidden'));
  if (place === 'upload' && request.method === 'PUT') {
    store(world, id, 'data', request.body);
    return bytes(200, new Uint8Array());
  }
  if (place !== 'multipart') return bytes(404, Buffer.from('Not Found'));
  if (request.method === 'PUT' && part && /^\d+$/.test(part)) {
    store(world, id, `part-${part}`, request.body);
    return bytes(200, new Uint8Array(), { etag: etagOf(id, part) });
  }
  return request.method === 'POST' && part === 'complete'
    ? completeUpload(world, id, request)
    : bytes(404, Buffer.from('Not Found'));
}

function etagOf(id: string, part: number | string): string {
  return `"${id}-${part}"`;
}

const completeSchema = z.object({
  parts: z.array(z.object({ partNumber: z.number().int().positive(), etag: z.string() })),
});

function completeUpload(world: World, id: string, request: SimulatorRequest): Reply {
  const read = completeSchema.safeParse(jsonBody(request));
  if (!read.success) return json(422, { detail: z.prettifyError(read.error) });
  const parts = read.data.parts.map(({ partNumber, etag }) =>
    etag === etagOf(id, partNumber) ? readUpload(world, id, `part-${partNumber}`) : null,
  );
  if (parts.some((part) => part === null)) return json(400, { detail: 'A part is missing or is another one.' });
  store(world, id, 'data', Buffer.concat(parts.filter((part) => part !== null)));
  return json(200, {});
}

async function readFile(world: World, id: string, name: string): Promise<Reply> {
  if (!token.test(id)) return bytes(404, Buffer.from('Not Found'));
  const job = world.store.job('fal', id);
  if (job) {
    const index = Number.parseInt(name, 10);
    return name === resultName(job, index) ? serveResult(world, job, index) : bytes(404, Buffer.from('Not Found'));
  }
  const data = readUpload(world, id, 'data');
  const head = readUpload(world, id, 'head.json');
  if (!data || !head) return bytes(404, Buffer.from('Not Found'));
  const { type } = JSON.parse(head.toString('utf8')) as { type: string };
  return bytes(200, data, { 'content-type': type });
}

/** What a model finds behind a url of its input; null when it cannot be fetched. */
export async function fetchInput(world: World, origin: string, url: string): Promise<Uint8Array | null> {
  const inline = fromDataUrl(url);
  if (inline) return inline;
  const prefix = `${origin}/fal-cdn/files/b/`;
  if (!url.startsWith(prefix)) return null;
  const [id = '', name = ''] = url.slice(prefix.length).split('/');
  if (!token.test(id)) return null;
  const job = world.store.job('fal', id);
  if (job) return world.media.bytesOf(world, job, Number.parseInt(name, 10));
  return readUpload(world, id, 'data');
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

export function falRest(world: World, request: SimulatorRequest): Reply {
  const isInitiate = /^\/storage\/upload\/initiate(-multipart)?$/.test(request.path);
  return isInitiate && request.method === 'POST' ? initiateUpload(world, request) : refuseAsFal({ kind: 'not-found' });
}

function uploadFolder(world: World, id: string): string {
  return join(world.folder, 'uploads', id);
}

function store(world: World, id: string, name: string, data: Uint8Array): void {
  const path = join(uploadFolder(world, id), name);
  writeFileSync(`${path}.part`, data);
  renameSync(`${path}.part`, path);
}

function readUpload(world: World, id: string, name: string): Buffer | null {
  try {
    return readFileSync(join(uploadFolder(world, id), name));
  } catch {
    return null;
  }
}
