/** ComfyUI's folders of pictures: what it is given to work from, and what it made. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, parse } from 'node:path';
import { multipartBody } from '../core/multipart.ts';
import { bytes, json, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { resultName, serveResult } from '../core/result-file.ts';
import type { World } from '../core/world.ts';

/** `GET /view`. */
export async function view(world: World, query: URLSearchParams): Promise<Reply> {
  const name = query.get('filename') ?? '';
  if ((query.get('type') ?? 'output') === 'input') {
    const file = readUpload(world, name);
    return file ? bytes(200, file) : notFound();
  }
  const [id = '', file = ''] = name.split('_');
  const job = world.store.job('comfyui', id);
  return job && file === resultName(job, 0) ? serveResult(world, job, 0) : notFound();
}

function notFound(): Reply {
  return bytes(404, Buffer.from('404: Not Found'));
}

/** `POST /upload/image`: the answer names the file, which need not be called what was asked for. */
export async function upload(world: World, request: SimulatorRequest): Promise<Reply> {
  const form = await multipartBody(request);
  const [image] = form?.files ?? [];
  if (!form || !image || image.field !== 'image') return bytes(400, Buffer.from('400: Bad Request'));
  mkdirSync(uploads(world), { recursive: true });
  const asked = basename(image.name);
  const name = form.fields.overwrite === 'true' ? asked : freeName(world, asked, image.bytes);
  writeFileSync(join(uploads(world), name), image.bytes);
  return json(200, { name, subfolder: '', type: form.fields.type ?? 'input' });
}

/** The name itself where nothing or the same picture has it, else the first free one: "hero (1).png". */
function freeName(world: World, asked: string, picture: Buffer): string {
  const { name, ext } = parse(asked);
  let free = asked;
  for (let number = 1; existsSync(join(uploads(world), free)); number += 1) {
    if (readUpload(world, free)?.equals(picture)) return free;
    free = `${name} (${number})${ext}`;
  }
  return free;
}

/** The bytes of an uploaded picture; null when there is none of that name. */
export function readUpload(world: World, name: string): Buffer | null {
  try {
    return readFileSync(join(uploads(world), basename(name)));
  } catch {
    return null;
  }
}

function uploads(world: World): string {
  return join(world.folder, 'comfyui-input');
}
