/** Where uploaded files wait until a decision uses them. src-main/http keeps it; services take files from it by id. */
import type { UploadReceipt } from '../../src-shared/api/upload.ts';

/** An upload with the place of its bytes. */
export interface ShelvedUpload extends UploadReceipt {
  /** absolute; the file stays the shelf's: copy it, never move it */
  path: string;
}

export interface UploadShelf {
  readonly maxBytes: number;
  /** Writes the bytes to a file while hashing them; throws upload.too-large, disk.full, AbortError. Leaves nothing then. */
  receive(
    file: { fileName: string; declaredBytes: number | null },
    bytes: AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<UploadReceipt>;
  /** Throws upload.not-found. */
  find(uploadId: string): ShelvedUpload;
  /** Removes a file that has been used or is no longer wanted. */
  discard(uploadId: string): Promise<void>;
  /** Removes every file. */
  close(): Promise<void>;
}
