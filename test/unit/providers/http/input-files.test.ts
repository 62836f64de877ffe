import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createInputUploader,
  dataUrlOf,
  readInputFile,
  type SendFile,
} from '../../../../src-main/providers/http/input-files.ts';
import type { RefUsed } from '../../../../src-shared/domain/provenance.ts';
import { makePng } from '../../../fixtures/make-png.ts';
import { clipRequest, memoryUploads } from '../../../fixtures/provider-bench.ts';

let folder: string;
let hero: RefUsed;
const never = new AbortController().signal;
const resolvePath = (path: string) => join(folder, path);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-inputs-'));
  hero = await picture('hero.png', 1);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function picture(path: string, shade: number): Promise<RefUsed> {
  const bytes = makePng(4, 4, [shade, 0, 0]);
  await writeFile(resolvePath(path), bytes);
  return { role: 'char:mara:identity/front', path, hash: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}
const requestWith = (...refs: RefUsed[]) => clipRequest({ provider: 'fal', endpoint: 'e', refs });

/** Uploads that wait until they are let go. */
function heldUploads() {
  const sent: string[] = [];
  const gates: { open: () => void; fail: (error: Error) => void; signal: AbortSignal }[] = [];
  const send: SendFile = (file, signal) => {
    sent.push(file.fileName);
    const { promise, resolve, reject } = Promise.withResolvers<{ url: string; expiresAt: null }>();
    gates.push({ open: () => resolve({ url: `u:${sent.length}`, expiresAt: null }), fail: reject, signal });
    signal.addEventListener('abort', () => reject(signal.reason));
    return promise;
  };
  return { sent, gates, send };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));
async function untilSent(sent: readonly string[], count: number) {
  while (sent.length < count) await settled();
}

describe('a file of a request', () => {
  it('is read with its type, and as a data url', async () => {
    const file = await readInputFile(hero, resolvePath);
    expect(file).toMatchObject({ sha256: hero.hash, contentType: 'image/png', fileName: 'hero.png' });
    expect(dataUrlOf(file)).toMatch(/^data:image\/png;base64,iVBORw0KGgo/);
  });

  it('is refused when it is not the recorded one any more', async () => {
    await writeFile(resolvePath('hero.png'), makePng(4, 4, [9, 9, 9]));
    await expect(readInputFile(hero, resolvePath)).rejects.toMatchObject({ code: 'file.changed' });
  });

  it('is named when it is gone', async () => {
    await rm(resolvePath('hero.png'));
    await expect(readInputFile(hero, resolvePath)).rejects.toMatchObject({ code: 'file.missing' });
  });
});

describe('uploads', () => {
  it('of the same hash at the same time are one', async () => {
    const { sent, gates, send } = heldUploads();
    const ledger = memoryUploads();
    const upload = createInputUploader({ provider: 'fal', ledger, resolvePath, send });
    const twice = [upload(requestWith(hero), never), upload(requestWith(hero, hero), never)];
    await untilSent(sent, 1);
    gates[0]?.open();
    expect(await Promise.all(twice)).toEqual([new Map([[hero.hash, 'u:1']]), new Map([[hero.hash, 'u:1']])]);
    expect(await upload(requestWith(hero), never)).toEqual(new Map([[hero.hash, 'u:1']]));
    expect(sent).toEqual(['hero.png']);
  });

  it('go on for the others when one request no longer wants them, and stop with the last', async () => {
    const { sent, gates, send } = heldUploads();
    const upload = createInputUploader({ provider: 'fal', ledger: memoryUploads(), resolvePath, send });
    const [first, second] = [new AbortController(), new AbortController()];
    const one = upload(requestWith(hero), first.signal);
    const two = upload(requestWith(hero), second.signal);
    await untilSent(sent, 1);
    first.abort();
    await expect(one).rejects.toMatchObject({ name: 'AbortError' });
    expect(gates[0]?.signal.aborted).toBe(false);
    second.abort();
    await expect(two).rejects.toMatchObject({ name: 'AbortError' });
    expect(gates[0]?.signal.aborted).toBe(true);
    const three = upload(requestWith(hero), never);
    await untilSent(sent, 2);
    gates[1]?.open();
    expect((await three).size).toBe(1);
  });

  it('that fail are tried again by the next request', async () => {
    const { sent, gates, send } = heldUploads();
    const ledger = memoryUploads();
    const upload = createInputUploader({ provider: 'fal', ledger, resolvePath, send });
    const one = upload(requestWith(hero), never);
    await untilSent(sent, 1);
    gates[0]?.fail(new Error('the storage is full'));
    await expect(one).rejects.toThrow('the storage is full');
    expect(ledger.size()).toBe(0);
    const two = upload(requestWith(hero), never);
    await untilSent(sent, 2);
    gates[1]?.open();
    expect((await two).get(hero.hash)).toBe('u:2');
  });

  it('bring refs and the start frame', async () => {
    const start = await picture('start.png', 2);
    const send: SendFile = async ({ fileName }) => ({ url: fileName, expiresAt: null });
    const upload = createInputUploader({ provider: 'fal', ledger: memoryUploads(), resolvePath, send });
    const inputs = await upload({ ...requestWith(hero), startFrame: start }, never);
    expect([...inputs.values()]).toEqual(['hero.png', 'start.png']);
  });
});
