import { z } from 'zod';
import { type ApiClient, urlOf } from '../http/api-client.ts';
import type { InputFile } from '../http/input-files.ts';

/** How long fal keeps what is sent to it and what it makes: a week, enough for every restart and little for a leak. */
const keptSeconds = 7 * 24 * 3600;
/** A file is sent anew a day before it goes: a queue may be long. */
const usedMs = (keptSeconds - 24 * 3600) * 1000;

/** Asks fal to forget files after a week. */
export const lifecycleHeader = {
  'x-fal-object-lifecycle-preference': JSON.stringify({ expiration_duration_seconds: keptSeconds }),
};

const ticketSchema = z.object({ file_url: z.url(), upload_url: z.url() });

export interface FalUpload {
  client: ApiClient;
  restUrl: string;
}

/** Brings one file into fal's storage. The second address is signed: no key goes there. */
export async function uploadToFal(
  { client, restUrl }: FalUpload,
  file: InputFile,
  signal: AbortSignal,
): Promise<{ url: string; expiresAt: string }> {
  const ticket = await client.json(
    {
      ...{ purpose: 'upload', method: 'POST', headers: lifecycleHeader },
      url: urlOf(restUrl, 'storage/upload/initiate', { storage_type: 'fal-cdn-v3' }),
      body: { json: { content_type: file.contentType, file_name: file.fileName } },
    },
    ticketSchema,
    signal,
  );
  const body = { bytes: file.bytes, contentType: file.contentType };
  await client.call({ purpose: 'upload', method: 'PUT', url: ticket.upload_url, body, withoutKey: true }, signal);
  return { url: ticket.file_url, expiresAt: new Date(client.now().getTime() + usedMs).toISOString() };
}
