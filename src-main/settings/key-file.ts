/**
 * The file of keys: `keys/keys.json` in the user's data folder, mode 0600 in a folder of mode 0700. It is for its owner
 * alone; one that others may read is closed to them at the next look, and where that is not possible it is not used.
 */
import { chmod, lstat, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { slugSchema } from '../../src-shared/domain/ids.ts';
import { AppError } from '../platform/app-error.ts';
import { toFileError, writeFileAtomic } from '../platform/atomic-file.ts';
import type { Logger } from '../platform/logger.ts';
import { parseJson } from '../platform/parse-json.ts';

const entrySchema = z.union([z.strictObject({ key: z.string() }), z.strictObject({ sealed: z.string() })]);
const keyFileSchema = z.strictObject({
  schema_version: z.literal('circletake.keys.v1'),
  keys: z.record(slugSchema, entrySchema),
});

/** `key`: as it is. `sealed`: only the desktop's keychain opens it. */
export type KeyEntry = z.infer<typeof entrySchema>;
export type KeyEntries = Readonly<Record<string, KeyEntry>>;

const ownerOnly = { file: 0o600, folder: 0o700 };
const othersMay = 0o077;

export class KeyFile {
  readonly #folder: string;
  readonly #path: string;
  readonly #logger: Logger;

  constructor(dataFolder: string, logger: Logger) {
    this.#folder = join(dataFolder, 'keys');
    this.#path = join(this.#folder, 'keys.json');
    this.#logger = logger;
  }

  /** All keys that are kept; throws `file.unreadable` when others may read them and that cannot be mended. */
  async read(): Promise<KeyEntries> {
    if (!(await this.#isMine())) return {};
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      throw toFileError(error, this.#path);
    });
    const parsed = keyFileSchema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data.keys;
    await rename(this.#path, `${this.#path}.damaged-${Date.now()}`);
    this.#logger.warn('the file of keys could not be read and was set aside', { folder: this.#folder });
    return {};
  }

  async write(keys: KeyEntries): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: ownerOnly.folder }).catch((error: unknown) => {
      throw toFileError(error, this.#path);
    });
    await this.#closeToOthers(this.#folder, ownerOnly.folder);
    const content = { schema_version: 'circletake.keys.v1', keys };
    await writeFileAtomic(this.#path, `${JSON.stringify(content, null, 2)}\n`, ownerOnly.file);
  }

  /** False when there is no file; closes it to others when it is open to them. */
  async #isMine(): Promise<boolean> {
    const found = await lstat(this.#path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw toFileError(error, this.#path);
    });
    if (found === null) return false;
    if (!found.isFile()) throw refused(this.#path, 'it is no plain file');
    const owner = process.getuid?.();
    if (owner !== undefined && found.uid !== owner) throw refused(this.#path, 'it belongs to somebody else');
    await this.#closeToOthers(this.#folder, ownerOnly.folder);
    await this.#closeToOthers(this.#path, ownerOnly.file);
    return true;
  }

  /** Windows has no such modes: the user's own folder is the user's there. */
  async #closeToOthers(path: string, mode: number): Promise<void> {
    if (process.platform === 'win32') return;
    const { mode: found } = await lstat(path);
    if ((found & othersMay) === 0) return;
    await chmod(path, mode).catch(() => {
      throw refused(path, 'others may read it, and that could not be changed');
    });
    this.#logger.warn('others could read where keys are kept; it is closed to them now', { path });
  }
}

function refused(path: string, why: string): AppError {
  return new AppError({
    code: 'file.unreadable',
    message: `Keys are not read from ${path}: ${why}.`,
    hint: 'Remove it and enter your keys again, or give it to your own user with mode 0600.',
  });
}
