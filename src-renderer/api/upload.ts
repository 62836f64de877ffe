import { type AppErrorCode, appErrorDataSchema, appErrorStatuses } from '../../src-shared/api/errors.ts';
import { uploadPath } from '../../src-shared/api/media-urls.ts';
import { type UploadReceipt, uploadReceiptSchema } from '../../src-shared/api/upload.ts';
import { UploadRefused } from './trouble.ts';

/** Sends a file's bytes to the Studio, which hashes them while they stream. Aborting leaves nothing behind. */
export async function uploadFile(file: File, signal?: AbortSignal): Promise<UploadReceipt> {
  const answer = await fetch(uploadPath, {
    method: 'POST',
    body: file,
    headers: { 'x-file-name': encodeURIComponent(file.name), 'content-type': 'application/octet-stream' },
    signal: signal ?? null,
  });
  const body: unknown = await answer.json().catch(() => null);
  const receipt = uploadReceiptSchema.safeParse(body);
  if (answer.ok && receipt.success) return receipt.data;
  throw refusalOf(answer.status, body);
}

function refusalOf(status: number, body: unknown): UploadRefused {
  const said = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const code = typeof said.code === 'string' && said.code in appErrorStatuses ? (said.code as AppErrorCode) : null;
  const data = appErrorDataSchema.safeParse(said.data);
  const message = typeof said.message === 'string' ? said.message : 'The Studio did not accept the file.';
  return new UploadRefused(
    code ?? (status === 413 ? 'upload.too-large' : 'input.invalid'),
    message,
    data.success ? data.data : null,
  );
}
