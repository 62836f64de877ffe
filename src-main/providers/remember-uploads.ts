/**
 * Which refs each provider has already, in one file of the project's cache. It can be thrown away: a file that is lost or
 * damaged costs one more upload and nothing else.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { sha256Schema } from '../../src-shared/domain/hash.ts';
import type { DurableFiles } from '../orchestrator/ports/project-files.ts';
import type { UploadLedger } from '../orchestrator/ports/upload-ledger.ts';

const uploadSchema = z.strictObject({
  provider: z.string(),
  sha256: sha256Schema,
  url: z.string(),
  expiresAt: z.iso.datetime().nullable(),
});
type Upload = z.infer<typeof uploadSchema>;

export interface RememberUploadsOptions {
  /** absolute path of the file; made with the first upload */
  path: string;
  files: Pick<DurableFiles, 'write'>;
  now: () => Date;
  onTrouble: (error: unknown) => void;
}

/** Opens the record of uploads of one project. */
export function rememberUploads({ path, files, now, onTrouble }: RememberUploadsOptions): UploadLedger {
  const keyOf = (of: Pick<Upload, 'provider' | 'sha256'>) => `${of.provider} ${of.sha256}`;
  const known = new Map(readUploads(path).map((upload) => [keyOf(upload), upload]));
  let writing: Promise<void> = Promise.resolve();
  const write = () => {
    writing = writing
      .then(() => files.write(path, `${JSON.stringify([...known.values()], null, 2)}\n`))
      .catch((error: unknown) => onTrouble(error));
  };
  return {
    find(provider, sha256) {
      const upload = known.get(keyOf({ provider, sha256 }));
      const expired = upload?.expiresAt != null && Date.parse(upload.expiresAt) <= now().getTime();
      return upload && !expired ? upload.url : null;
    },
    record(upload) {
      known.set(keyOf(upload), upload);
      write();
    },
    forget(provider, sha256) {
      if (known.delete(keyOf({ provider, sha256 }))) write();
    },
  };
}

function readUploads(path: string): Upload[] {
  try {
    const rows = z.array(z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')));
    return rows.flatMap((row) => uploadSchema.safeParse(row).data ?? []);
  } catch {
    return [];
  }
}
