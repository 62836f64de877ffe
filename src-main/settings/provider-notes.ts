/**
 * What is remembered of providers beside their keys: addresses of own machines and what the last test of a key said.
 * `settings.json` in the user's data folder; nothing in it is secret. A damaged file is set aside.
 */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { slugSchema } from '../../src-shared/domain/ids.ts';
import { keyTestSchema, providerAddressSchema } from '../../src-shared/domain/provider-settings.ts';
import { AppError } from '../platform/app-error.ts';
import { makeFolder, readJsonFile, writeFileAtomic } from '../platform/atomic-file.ts';
import { createSemaphore } from '../platform/semaphore.ts';

const notesSchema = z.strictObject({
  schema_version: z.literal('circletake.settings.v1'),
  /** by provider and by part of it */
  addresses: z.record(slugSchema, z.record(z.string(), providerAddressSchema)).default({}),
  key_tests: z.record(slugSchema, keyTestSchema).default({}),
});
export type ProviderNotes = Readonly<z.infer<typeof notesSchema>>;

const empty: ProviderNotes = { schema_version: 'circletake.settings.v1', addresses: {}, key_tests: {} };

export class NotesFile {
  readonly #folder: string;
  readonly #path: string;
  #notes: ProviderNotes = empty;
  /** one change after the other: of two none is lost */
  readonly #turns = createSemaphore(1);

  constructor(dataFolder: string) {
    this.#folder = dataFolder;
    this.#path = join(dataFolder, 'settings.json');
  }

  /** As they were read last. */
  get notes(): ProviderNotes {
    return this.#notes;
  }

  load(): Promise<void> {
    return this.#turns.run(() => this.#load());
  }

  /** Changes the notes as they are on the disk now. */
  change(change: (notes: ProviderNotes) => ProviderNotes): Promise<void> {
    return this.#turns.run(async () => {
      await this.#load();
      const changed = change(this.#notes);
      await makeFolder(this.#folder);
      await writeFileAtomic(this.#path, `${JSON.stringify(changed, null, 2)}\n`);
      this.#notes = changed;
    });
  }

  async #load(): Promise<void> {
    const content = await readJsonFile(this.#path).catch((error: unknown) => {
      if (error instanceof SyntaxError) return null;
      if (error instanceof AppError && error.code === 'file.missing') return empty;
      throw error;
    });
    const parsed = notesSchema.safeParse(content);
    this.#notes = parsed.success ? parsed.data : empty;
    if (!parsed.success) await rename(this.#path, `${this.#path}.damaged-${Date.now()}`);
  }
}
