// Keys are planted, every provider hands them back in its answers, and then everything that was written, logged or answered
// is searched for them.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { spellingsOf } from '../../src-main/platform/known-secrets.ts';
import { createLogger } from '../../src-main/platform/logger.ts';
import { allProviders } from '../../src-main/providers/all-providers.ts';
import { type HostedStudio, hostStudio } from '../../src-main/shell/host-studio.ts';
import { createStudio } from '../../src-main/studio.ts';
import { batchConfigSchema } from '../../src-shared/domain/batch.ts';
import type { PlanShot } from '../../src-shared/domain/plan.ts';
import { startEchoingProvider } from '../fixtures/echoing-provider.ts';
import { makePng } from '../fixtures/make-png.ts';
import { type MadeProject, makePlan, makeProject } from '../fixtures/make-project.ts';
import type { HttpPeer, SeenCall } from '../fixtures/start-http-peer.ts';

const paid = allProviders.filter(({ key }) => key !== null);
const keyOf = (id: string) => `planted-${id}-5f1c9e77:hidden-${id}-"quoted"-02ab44`;
/** their clips have no price here, or they make none */
const makesStills = new Set(['openai', 'replicate']);

let dataFolder: string;
let project: MadeProject;
let peer: HttpPeer;
let host: HostedStudio;
let log = '';
/** every answer of the HTTP face, by procedure */
const answers = new Map<string, string>();
let stream = '';

async function ask(procedure: string, input: unknown): Promise<unknown> {
  const { origin, cookie } = host.server;
  const response = await fetch(`${origin}/rpc/${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, cookie: `${cookie.name}=${cookie.value}` },
    body: JSON.stringify({ json: input }),
  });
  const text = await response.text();
  answers.set(procedure, `${answers.get(procedure) ?? ''}${JSON.stringify([...response.headers])}${text}`);
  return response.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text).json : null;
}

async function followEvents(projectId: string, signal: AbortSignal): Promise<void> {
  const { origin, cookie } = host.server;
  const response = await fetch(`${origin}/rpc/events/stream`, {
    ...{ method: 'POST', signal, body: JSON.stringify({ json: { projectId, since: 0 } }) },
    headers: { 'content-type': 'application/json', origin, cookie: `${cookie.name}=${cookie.value}` },
  });
  for await (const part of response.body ?? []) stream += new TextDecoder().decode(part);
}

/** Signed calls to a provider. */
function callsOf(id: string): number {
  return peer.seen.filter((call) => call.url.startsWith(`/${id}-`) && credentialOf(call) !== null).length;
}

function credentialOf({ headers }: SeenCall): string | null {
  const given = headers.authorization?.replace(/^\w+ /, '') ?? headers['x-goog-api-key'];
  return typeof given === 'string' ? given : null;
}

/** The keys as they were planted, and what was really sent: some providers are shown a token made from the key. */
function secrets(): string[] {
  return spellingsOf([
    ...paid.map(({ id }) => keyOf(id)),
    ...new Set(peer.seen.flatMap((call) => credentialOf(call) ?? [])),
  ]);
}

/** A batch of one shot; over when an attempt of it has come to something, or enough was echoed. */
async function runInto(projectId: string, provider: string, shotId: string): Promise<void> {
  const services = host.studio.project(projectId);
  const phases = makesStills.has(provider) ? (['keyframe'] as const) : (['video'] as const);
  const retry = { maxRetries: 3, baseBackoffSeconds: 0 };
  const config = batchConfigSchema.parse({
    ...{ episodeId: 'EP001', phases, provider, shotFilter: [shotId], budgetMicroUsd: 40_000_000 },
    retryPolicies: { transient: retry },
  });
  const { id } = await services.batches.start(config);
  const before = callsOf(provider);
  await vi.waitFor(
    async () => {
      const { attempts } = await services.attempts.ofBatch({ batchId: id, cursor: null, limit: 50 });
      const isOver = attempts.some(({ state }) => state === 'failed' || state === 'in_doubt');
      const batch = (await services.batches.list()).find((one) => one.id === id);
      const rests = batch?.status !== 'running' || batch.awaitingOperator;
      expect(isOver || rests || callsOf(provider) - before >= 4, `${provider} answers`).toBe(true);
    },
    { timeout: 120_000, interval: 50 },
  );
  const batch = (await services.batches.list()).find((one) => one.id === id);
  if (batch?.status === 'running') await services.batches.stop(id);
}

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'circletake-planted-'));
  peer = await startEchoingProvider();
  const resolution = { width: 720, height: 1280 };
  project = makeProject({ shots: paid.length, project: { resolution, caps: caps() } });
  // a length and a number of pictures that every engine takes
  const modest = ({ asset_data, ...shot }: PlanShot): PlanShot => ({
    ...shot,
    routing_data: { ...shot.routing_data, duration: 4 },
    asset_data: { ...asset_data, characters: asset_data.characters.slice(0, 1), location_slot: null, props: [] },
  });
  project.writePlan(makePlan(paid.length, modest));
  const addresses = Object.fromEntries(
    paid.map(({ id, baseUrls }) => [
      id,
      Object.fromEntries(Object.keys(baseUrls).map((part) => [part, `${peer.url}/${id}-${part}`])),
    ]),
  );
  await writeFile(
    join(dataFolder, 'settings.json'),
    JSON.stringify({ schema_version: 'circletake.settings.v1', addresses }),
  );
  host = await hostStudio({
    ...{ createStudio, dataFolder, folders: [project.dir], port: 0, rendererFolder: dataFolder },
    logger: createLogger({ level: 'debug', write: (line) => (log += line) }),
  });
});
afterAll(async () => {
  await host?.close();
  await peer?.close();
  project?.remove();
  await rm(dataFolder, { recursive: true, force: true });
});

function caps() {
  return { batch_micro_usd: 40_000_000, project_micro_usd: 500_000_000, retry_micro_usd_per_shot: 50_000_000 };
}

/** Files below a folder in which a piece of a key stands. */
async function leaksIn(folder: string): Promise<string[]> {
  const leaks: string[] = [];
  const pieces = secrets();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // the heartbeat of the lock comes and goes
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    const found = pieces.filter((piece) => bytes.includes(piece));
    if (found.length > 0) leaks.push(`${relative(folder, path)}: ${found[0]}`);
  }
  return leaks;
}

const inText = (text: string) => secrets().filter((piece) => text.includes(piece));

describe('a planted key', () => {
  it('reaches its provider and comes back in its answers, for every provider', async () => {
    const [known] = (await host.studio.projects.list()) as { id: string }[];
    const projectId = known?.id ?? '';
    const following = new AbortController();
    const followed = followEvents(projectId, following.signal).catch(() => undefined);
    for (const { id } of paid) {
      await ask('settings/setKey', { provider: id, key: keyOf(id) });
      for (let go = 0; go < 3; go++) await ask('settings/testKey', { provider: id });
    }
    const services = host.studio.project(projectId);
    for (const [index, { id }] of paid.entries()) {
      const shotId = project.shotIds[index] ?? '';
      for (const phase of makesStills.has(id) ? (['previs'] as const) : (['previs', 'keyframe'] as const)) {
        const hero = makePng(64, 112, [index * 20, phase.length * 9, 80]);
        const file = { fileName: 'hero.png', declaredBytes: hero.byteLength };
        const { uploadId } = await host.studio.uploads.receive(file, one(hero));
        await services.review.override({ shotId, phase, uploadId, reason: 'to begin with' });
      }
      await runInto(projectId, id, shotId);
    }
    for (const { id } of paid) expect(callsOf(id), id).toBeGreaterThan(3);
    await askEverything(projectId);
    await services.handoff.exportEpisode('EP001');
    following.abort();
    await followed;
    expect(stream.length).toBeGreaterThan(1000);
    expect(answers.size).toBeGreaterThan(10);
  });

  it('is in no log line', () => expect(inText(log)).toEqual([]));

  it('is in no answer of the HTTP face and in no event', () => {
    for (const [procedure, text] of answers) expect(inText(text), procedure).toEqual([]);
    expect(inText(stream)).toEqual([]);
  });

  it('is in no file of the project: database and its log, records, exports, answers that were kept', async () => {
    const files = await readdir(project.dir, { recursive: true });
    for (const name of ['circletake.db-wal', 'EP001_manifest.json', 'verdicts.jsonl']) {
      expect(files.map((file) => basename(file))).toContain(name);
    }
    expect(await leaksIn(project.dir)).toEqual([]);
  });

  it('is in one file of the data folder, which is the owner’s alone', async () => {
    const leaks = (await leaksIn(dataFolder)).map((leak) => leak.split(':')[0]);
    expect(leaks).toEqual(['keys/keys.json']);
  });
});

async function* one(bytes: Uint8Array) {
  yield bytes;
}

async function askEverything(projectId: string): Promise<void> {
  await ask('projects/list', undefined);
  await ask('projects/snapshot', { projectId });
  await ask('settings/providers', undefined);
  const batches = (await ask('batches/list', { projectId })) as { id: string }[];
  await ask('attempts/inDoubt', { projectId });
  await ask('learning/report', { projectId });
  await ask('system/info', undefined);
  await ask('attempts/explanations', { projectId, shotIds: project.shotIds });
  for (const shotId of project.shotIds) {
    await ask('attempts/shotLog', { projectId, shotId });
    await ask('review/history', { projectId, shotId });
    await ask('takes/list', { projectId, shotId });
  }
  for (const { id } of batches) {
    const page = (await ask('attempts/ofBatch', { projectId, batchId: id })) as { attempts: { id: string }[] };
    for (const attempt of page.attempts) {
      await ask('attempts/timeline', { projectId, attemptId: attempt.id });
      await ask('attempts/reconcile', { projectId, attemptId: attempt.id });
    }
  }
}
