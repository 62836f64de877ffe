import { shortHash } from '../../../src-shared/domain/hash.ts';
import type { ApiClient } from '../http/api-client.ts';
import type { InputFile } from '../http/input-files.ts';
import { comfyuiUploadSchema } from './comfyui-answers.ts';

const endings: Record<string, string> = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' };

/** Puts a picture into ComfyUI's folder of inputs, under a name made of its hash; answers with the name it goes by there. */
export async function sendPicture(client: ApiClient, url: string, file: InputFile, signal: AbortSignal) {
  const { sha256, bytes, contentType } = file;
  const form = new FormData();
  const name = `ct_${shortHash(sha256)}.${endings[contentType] ?? 'png'}`;
  form.set('image', new Blob([new Uint8Array(bytes)], { type: contentType }), name);
  form.set('type', 'input');
  // the name is the content's: what is there under it can only be the same picture, or half of it
  form.set('overwrite', 'true');
  const call = { purpose: 'upload', method: 'POST', url, body: { form } } as const;
  const placed = await client.json(call, comfyuiUploadSchema, signal);
  return { url: placed.subfolder ? `${placed.subfolder}/${placed.name}` : placed.name, expiresAt: null };
}
