import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotSentError } from '../../../src-main/providers/http/http-errors.ts';
import { inlineUpTo } from '../../../src-main/providers/inline-inputs.ts';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import { providerSamples } from '../../fixtures/provider-samples.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-inline-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const megabyte = 1024 ** 2;

async function pictureOf(name: string, bytes: number): Promise<RefUsed> {
  const content = Buffer.alloc(bytes, name);
  await writeFile(join(folder, name), content);
  return { role: name, path: name, hash: `sha256:${createHash('sha256').update(content).digest('hex')}` };
}

function upload(refs: RefUsed[], limits: { each: number; together?: number }) {
  const sample = providerSamples['google image'];
  const [first] = refs;
  if (!sample || !first) throw new Error('There is a sample, and a picture.');
  const { each, together } = limits;
  const inline = inlineUpTo(each, {
    title: 'Google',
    resolvePath: (path) => join(folder, path),
    maxTogether: together,
  });
  return inline({ ...sample.request(first), refs, startFrame: null }, new AbortController().signal);
}

describe('pictures that travel inside the request', () => {
  it('go along as data urls', async () => {
    const front = await pictureOf('front.png', 3);
    const urls = await upload([front], { each: megabyte });
    expect([...urls]).toEqual([[front.hash, expect.stringMatching(/^data:[\w/-]+;base64,/)]]);
  });

  it('are refused before anything is sent when one of them is bigger than the engine takes', async () => {
    const front = await pictureOf('front.png', 2 * megabyte);
    const refused = upload([front], { each: megabyte });
    await expect(refused).rejects.toThrow(NotSentError);
    await expect(refused).rejects.toThrow('“front.png” has 2.0 MB; Google takes 1.0 MB a picture.');
  });

  it('are refused when together they are longer than a request may be, counted as they are sent', async () => {
    const [front, side] = [await pictureOf('front.png', megabyte), await pictureOf('side.png', megabyte)];
    // two megabytes are 2.7 in base64
    await expect(upload([front, side], { each: megabyte, together: 3 * megabyte })).resolves.toHaveProperty('size', 2);
    const refused = upload([front, side], { each: megabyte, together: 2.5 * megabyte });
    await expect(refused).rejects.toThrow(NotSentError);
    await expect(refused).rejects.toThrow(
      'The 2 pictures of this shot come to 2.7 MB as they are sent; Google takes 2.5',
    );
  });

  it('count as often as they are sent', async () => {
    const front = await pictureOf('front.png', megabyte);
    const twice = [front, { ...front, role: 'side' }];
    await expect(upload(twice, { each: megabyte, together: 2.5 * megabyte })).rejects.toThrow('come to 2.7 MB');
  });
});
