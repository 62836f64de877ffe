import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualProvider, type ManualProvider } from '../../../../src-main/providers/manual/manual-provider.ts';
import {
  clipRequest,
  doubtfulAttempt,
  openProviderBench,
  type ProviderBench,
  reservationOf,
  stillRequest,
} from '../../../fixtures/provider-bench.ts';

const still = stillRequest({ provider: 'manual', endpoint: 'manual/still' });
const never = new AbortController().signal;
const order = { reservation: reservationOf('att_1'), inputs: new Map() };
let bench: ProviderBench;
let manual: ManualProvider;

beforeEach(async () => {
  bench = await openProviderBench('');
  manual = createManualProvider(bench.tools);
});
afterEach(() => bench.close());

async function file(name: string, content = 'picture'): Promise<string> {
  const path = join(bench.folder, name);
  await writeFile(path, content);
  return path;
}

test('a job stays with the person until they deliver, and costs nothing', async () => {
  expect(manual.estimate(still)).toBe(0);
  const job = await manual.submit(still, order, never);
  expect(await manual.poll(job, never)).toEqual({
    kind: 'with-person',
    message: 'EP001_SH003 waits for its keyframe by hand: a still of 720×1280. Deliver the file from the shot.',
  });
  await manual.deliver(job, await file('painted.PNG'));
  expect(await manual.poll(job, never)).toEqual({ kind: 'done' });
  const target = join(bench.folder, 'fetched');
  expect(await manual.fetchResult(job, target, never)).toEqual({ extension: '.png', costMicroUsd: 0 });
  expect(await readFile(target, 'utf8')).toBe('picture');
});

test('what was delivered is there after a restart, and the delivered file is left alone', async () => {
  const job = await manual.submit(still, order, never);
  const source = await file('painted.png');
  await manual.deliver(job, source);
  const restarted = createManualProvider(bench.tools);
  expect(await restarted.poll(job, never)).toEqual({ kind: 'done' });
  expect(await readFile(source, 'utf8')).toBe('picture');
});

test('a second delivery takes the place of the first, also with another ending', async () => {
  const job = await manual.submit(still, order, never);
  await manual.deliver(job, await file('first.png', 'first'));
  await manual.deliver(job, await file('second.jpg', 'second'));
  const target = join(bench.folder, 'fetched');
  expect((await manual.fetchResult(job, target, never)).extension).toBe('.jpg');
  expect(await readFile(target, 'utf8')).toBe('second');
  expect((await readdir(bench.tools.jobsFolder)).filter((name) => name.includes('.result.'))).toHaveLength(1);
});

test('a file without an ending is refused and nothing is kept', async () => {
  const job = await manual.submit(still, order, never);
  const path = await file('painted');
  await expect(manual.deliver(job, path)).rejects.toMatchObject({ code: 'input.invalid' });
  expect((await manual.poll(job, never)).kind).toBe('with-person');
});

test('a delivered file that is not there is named', async () => {
  const job = await manual.submit(still, order, never);
  const gone = join(bench.folder, 'gone.png');
  await expect(manual.deliver(job, gone)).rejects.toMatchObject({
    code: 'file.missing',
    message: expect.stringContaining('gone.png'),
  });
});

test('after a cancel nothing that was delivered is taken any more', async () => {
  const job = await manual.submit(still, order, never);
  await manual.deliver(job, await file('painted.png'));
  await manual.cancel?.(job, never);
  expect((await manual.poll(job, never)).kind).toBe('with-person');
});

test('an order stands without any file of its own: it can be asked for again, and a lost submit is found', async () => {
  const job = await manual.submit(still, order, never);
  expect(await readdir(bench.tools.jobsFolder).catch(() => [])).toEqual([]);
  const found = { kind: 'found', job };
  expect(await createManualProvider(bench.tools).reconcile(doubtfulAttempt('att_1', still), never)).toEqual(found);
});

test('parameters are refused, and what each endpoint makes is told', () => {
  expect(manual.refusal({ ...still, params: { steps: 20 } })).toBe('A person takes no parameters: steps.');
  expect(manual.refusal(clipRequest({ provider: 'manual', endpoint: 'manual/clip' }))).toBeNull();
  expect(manual.endpoint('manual/clip')).toMatchObject({ modality: 'i2v', phases: ['video'] });
  for (const endpoint of ['manual/song', 'constructor']) {
    expect(manual.endpoint(endpoint)).toBeNull();
    expect(manual.refusal({ ...still, endpoint })).toBe(`Nobody makes ${endpoint} by hand.`);
  }
});
