// From a commit in the store to a client of the event stream, over the real HTTP app, server and client in a process each.
// Latency: single commits with pauses. Flood: commits of twenty events without a pause, beside the pace at which they are
// committed. Catching up: a client that comes back reads all of that again.
// Plain Node: `node test/bench/events.bench.ts`.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { StudioServices } from '../../src-main/api/studio-services.ts';
import { startServer } from '../../src-main/http/start-server.ts';
import { silentLogger } from '../../src-main/platform/logger.ts';
import type { contract } from '../../src-shared/api/contract.ts';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import { openTestStore, type TestStore } from '../fixtures/open-test-store.ts';
import { median, printTable, type Row } from './measure.ts';

const singles = 300;
const floodEvents = 20_000;
const perCommit = 20;
const rounds = 3;

if (process.argv[2] === 'serve') await serve();
else await compare();

/** Milliseconds since the epoch, finer than Date: the same for both processes. */
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

async function compare(): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createLines(child.stdout);
  try {
    const { origin, headers } = JSON.parse(await lines.next()) as { origin: string; headers: Record<string, string> };
    const client: ContractRouterClient<typeof contract> = createORPCClient(
      new RPCLink({ url: `${origin}/rpc`, headers }),
    );
    const leaving = new AbortController();
    const stream = await client.events.stream({ projectId: 'bench', since: 0 }, { signal: leaving.signal });
    const events = stream[Symbol.asyncIterator]();
    await takeUntil(events, (event) => event.body.type === 'plan_reloaded');
    const tell = (command: string) => child.stdin.write(`${command}\n`);
    const rows = [await benchLatency(events, tell), ...(await benchFlood(events, tell, lines))];
    rows.push(await benchCatchingUp(client));
    printTable('Events from the commit to a client', rows);
    leaving.abort();
  } finally {
    child.kill();
  }
}

type Events = AsyncIterator<JournalEvent>;

async function benchLatency(events: Events, tell: (command: string) => void): Promise<Row> {
  tell('singles');
  const late: number[] = [];
  await takeUntil(events, (event) => {
    late.push(nowMs() - sentAt(event));
    return late.length === singles;
  });
  const p95 = [...late].sort((a, b) => a - b)[Math.floor(singles * 0.95)] ?? Number.NaN;
  return {
    what: 'one commit at a time: commit to client',
    figure: `${median(late).toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`,
    ...{ beside: '', ratio: '', goal: 'p95 ≤ 20 ms' },
    met: p95 <= 20,
  };
}

async function benchFlood(events: Events, tell: (command: string) => void, lines: Lines): Promise<Row[]> {
  const pace: number[] = [];
  const commitPace: number[] = [];
  const behind: number[] = [];
  for (let round = 0; round < rounds; round++) {
    tell('flood');
    let count = 0;
    let firstAt = 0;
    let last = 0;
    await takeUntil(events, (event) => {
      firstAt ||= nowMs();
      last = nowMs() - sentAt(event);
      return ++count === floodEvents;
    });
    pace.push((floodEvents * 1000) / (nowMs() - firstAt));
    behind.push(last);
    commitPace.push(Number(await lines.next()));
  }
  const figure = median(pace);
  return [
    {
      what: `flood of ${floodEvents} events, ${perCommit} to a commit`,
      figure: `${figure.toFixed(0)} events/s`,
      beside: `committed at ${median(commitPace).toFixed(0)} events/s`,
      ratio: (figure / median(commitPace)).toFixed(2),
      goal: 'keeps up: ≥ 0.95',
      met: figure >= 0.95 * median(commitPace),
    },
    {
      what: 'the last event of the flood: commit to client',
      figure: `${median(behind).toFixed(0)} ms`,
      ...{ beside: '', ratio: '', goal: '≤ 100 ms' },
      met: median(behind) <= 100,
    },
  ];
}

async function benchCatchingUp(client: ContractRouterClient<typeof contract>): Promise<Row> {
  const pace: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const leaving = new AbortController();
    const startedAt = performance.now();
    const stream = await client.events.stream({ projectId: 'bench', since: 0 }, { signal: leaving.signal });
    let count = 0;
    await takeUntil(stream[Symbol.asyncIterator](), () => ++count === floodEvents);
    pace.push((floodEvents * 1000) / (performance.now() - startedAt));
    leaving.abort();
  }
  const figure = median(pace);
  return {
    what: `catching up on ${floodEvents} events`,
    figure: `${figure.toFixed(0)} events/s`,
    ...{ beside: '', ratio: '', goal: '≥ 5000 events/s' },
    met: figure >= 5000,
  };
}

async function takeUntil(events: Events, isLast: (event: JournalEvent) => boolean): Promise<void> {
  for (;;) {
    const { done, value } = await events.next();
    if (done) throw new Error('the stream ended');
    if (isLast(value)) return;
  }
}

function sentAt({ body }: JournalEvent): number {
  return body.type === 'station_transition' ? Number(body.shotPhase.reason) : Number.NaN;
}

/** The other process: a store behind the HTTP app, which commits when told to. */
async function serve(): Promise<void> {
  const world = openTestStore({ shots: perCommit });
  const rendererFolder = mkdtempSync(join(tmpdir(), 'circletake-bench-'));
  const { store } = world;
  const closed = new AbortController().signal;
  const { lastSeq, eventsAfter, onCommit } = store;
  const studio = { project: () => ({ journal: { lastSeq, eventsAfter, onCommit, closed } }) } as unknown;
  const options = { port: 0, rendererFolder, version: '0', logger: silentLogger };
  const server = await startServer({ studio: studio as StudioServices, ...options });
  const headers = { cookie: `${server.cookie.name}=${server.cookie.value}`, origin: server.origin };
  process.stdout.write(`${JSON.stringify({ origin: server.origin, headers })}\n`);
  process.on('SIGTERM', () => {
    world.remove();
    rmSync(rendererFolder, { recursive: true, force: true });
    process.exit(0);
  });
  const commands = createLines(process.stdin);
  for (;;) await ((await commands.next()) === 'singles' ? sendSingles(world) : sendFlood(world));
}

async function sendSingles(world: TestStore): Promise<void> {
  for (let n = 0; n < singles; n++) {
    stamp(world, 0);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function sendFlood(world: TestStore): Promise<void> {
  const startedAt = performance.now();
  for (let sent = 0; sent < floodEvents; sent += perCommit) {
    world.store.inTransaction(() => {
      for (let shot = 0; shot < perCommit; shot++) stamp(world, shot);
    });
    // as in the app, where no two commits share a turn of the event loop
    await new Promise((resolve) => setImmediate(resolve));
  }
  process.stdout.write(`${(floodEvents * 1000) / (performance.now() - startedAt)}\n`);
}

function stamp({ store }: TestStore, shot: number): void {
  const shotId = `EP001_SH${String(shot + 1).padStart(3, '0')}`;
  const { version } = store.shotPhase(shotId, 'video');
  store.annotate(shotId, 'video', version, { reason: String(nowMs()) });
}

interface Lines {
  next(): Promise<string>;
}

function createLines(stream: NodeJS.ReadableStream): Lines {
  const waiting: string[] = [];
  let rest = '';
  let bell = Promise.withResolvers<void>();
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    waiting.push(...lines);
    bell.resolve();
  });
  return {
    async next() {
      while (waiting.length === 0) {
        await bell.promise;
        bell = Promise.withResolvers();
      }
      return waiting.shift() ?? '';
    },
  };
}
