/** Files that were handed to Replicate for its models; they want the key, and are gone after a day. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { multipartBody } from '../core/multipart.ts';
import { bytes, json, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { isoTime, type World } from '../core/world.ts';

const dayMs = 86_400_000;
const fileId = /^[0-9a-f-]{36}$/;

/** `POST /v1/files`; null when the form holds no file. */
export async function keepFile(world: World, request: SimulatorRequest): Promise<Reply | null> {
  const form = await multipartBody(request);
  const file = form?.files.find(({ field }) => field === 'content');
  if (!file) return null;
  const id = world.newId();
  mkdirSync(folderOf(world), { recursive: true });
  writeFileSync(join(folderOf(world), id), file.bytes);
  const expires_at = isoTime(world.now() + dayMs);
  const urls = { get: `${request.origin}/replicate/v1/files/${id}` };
  return json(201, {
    id,
    name: file.name,
    size: file.bytes.byteLength,
    created_at: isoTime(world.now()),
    expires_at,
    urls,
  });
}

/** `GET /v1/files/{id}`. */
export function sendFile(world: World, id: string): Reply {
  const file = readKept(world, id);
  return file ? bytes(200, file) : json(404, { title: 'Not found', detail: 'The file is not there.', status: 404 });
}

/** The bytes behind an address of a kept file; null when it is none. */
export function keptFile(world: World, origin: string, url: string): Buffer | null {
  const prefix = `${origin}/replicate/v1/files/`;
  return url.startsWith(prefix) ? readKept(world, url.slice(prefix.length)) : null;
}

function folderOf(world: World): string {
  return join(world.folder, 'replicate-files');
}

function readKept(world: World, id: string): Buffer | null {
  if (!fileId.test(id)) return null;
  try {
    return readFileSync(join(folderOf(world), id));
  } catch {
    return null;
  }
}
