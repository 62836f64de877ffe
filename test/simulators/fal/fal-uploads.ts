/** Uploads to fal: an address is asked for, then the bytes go there, with one PUT or in parts. No key goes along with them. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bytes, json, jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import type { World } from '../core/world.ts';
import { refuseAsFal } from './fal-errors.ts';
import { falFileUrl } from './fal-urls.ts';

const initiateSchema = z.object({ content_type: z.string().min(1), file_name: z.string().min(1) });
const token = /^[0-9a-f-]{36}$/;

/** Everything below rest.fal.ai. */
export function falRest(world: World, request: SimulatorRequest): Reply {
  const isInitiate = /^\/storage\/upload\/initiate(-multipart)?$/.test(request.path);
  return isInitiate && request.method === 'POST' ? initiateUpload(world, request) : refuseAsFal({ kind: 'not-found' });
}

/** `POST storage/upload/initiate`, and `initiate-multipart`. */
function initiateUpload(world: World, request: SimulatorRequest): Reply {
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

/** The bytes of an upload, or of a part of it, at the address that was named for them. */
export function receiveUpload(
  world: World,
  request: SimulatorRequest,
  { place, id, part }: { place: string; id: string; part: string | null },
): Reply {
  if (!token.test(id) || request.query.get('signature') !== id) return bytes(403, Buffer.from('Forbidden'));
  switch (`${request.method} ${place}`) {
    case 'PUT upload':
      store(world, id, 'data', request.body);
      return bytes(200, new Uint8Array());
    case 'PUT multipart':
      return part && /^\d+$/.test(part) ? keepPart(world, id, part, request.body) : notFound();
    case 'POST multipart':
      return part === 'complete' ? completeUpload(world, id, request) : notFound();
    default:
      return notFound();
  }
}

function notFound(): Reply {
  return bytes(404, Buffer.from('Not Found'));
}

function keepPart(world: World, id: string, part: string, body: Uint8Array): Reply {
  store(world, id, `part-${part}`, body);
  return bytes(200, new Uint8Array(), { etag: etagOf(id, part) });
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

/** What was uploaded, with its type; null for an id that is none, or while the bytes are not there. */
export function keptUpload(world: World, id: string): { data: Buffer; type: string } | null {
  const data = token.test(id) ? readUpload(world, id, 'data') : null;
  const head = data && readUpload(world, id, 'head.json');
  return data && head ? { data, type: (JSON.parse(head.toString('utf8')) as { type: string }).type } : null;
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
