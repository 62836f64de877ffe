// A round trip through the typed contract over real HTTP: the served Studio in a process of its own, 400 shots and 10,000
// takes, one question after another from here. Beside each a bare Node server that answers as many bytes in the same run.
// Plain Node: `node test/bench/api.bench.ts`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../src-shared/api/contract.ts';
import { gatherSnapshot } from '../../src-shared/api/snapshot-slices.ts';
import { seedTakes } from '../fixtures/seed-takes.ts';
import { startCircletake } from '../fixtures/spawn-circletake.ts';
import { median, printTable, type Row } from './measure.ts';

const bareServer = `
const body = new Map();
require('node:http').createServer((request, response) => {
  const size = Number(request.url.slice(1));
  if (!body.has(size)) body.set(size, Buffer.from(JSON.stringify('x'.repeat(Math.max(0, size - 2)))));
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(body.get(size)));
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

const dataFolder = mkdtempSync(join(tmpdir(), 'circletake-bench-'));
const project = await seedTakes({ shots: 400, takesPerShot: 25 });
const app = startCircletake(['serve', project.dir, '--json'], dataFolder);
const bare = spawn(process.execPath, ['-e', bareServer], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [port] = await once(bare.stdout, 'data');
  const link = await firstLink();
  const entered = await fetch(link, { redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { origin } = new URL(link);
  const rpc = new RPCLink({ url: `${origin}/rpc`, headers: { cookie, origin } });
  const client: ContractRouterClient<typeof contract> = createORPCClient(rpc);
  const [known] = await client.projects.list();
  const projectId = known?.id ?? '';
  const ask = benchAgainst(`http://127.0.0.1:${String(port).trim()}`);
  printTable('Round trips of the API over HTTP, 10,000 takes', [
    await ask('projects.list', () => client.projects.list()),
    await ask('takes.list (25 takes)', () => client.takes.list({ projectId, shotId: 'EP001_SH200' })),
    await ask('takes.detail', () => client.takes.detail({ projectId, takeId: 'EP001_SH200_T9' })),
    await ask('batches.list', () => client.batches.list({ projectId })),
    await ask(
      'projects.snapshot (400 shots)',
      async () => gatherSnapshot(await client.projects.snapshot({ projectId })),
      {
        goes: 40,
        goalMs: 300,
      },
    ),
  ]);
} finally {
  app.kill('SIGTERM');
  bare.kill();
  await app.ended;
  project.remove();
  rmSync(dataFolder, { recursive: true, force: true });
}

async function firstLink(): Promise<string> {
  let printed = '';
  app.child.stdout?.on('data', (text: string) => {
    printed += text;
  });
  await app.prints(/"url"/);
  return (JSON.parse(printed) as { url: string }).url;
}

function benchAgainst(bareOrigin: string) {
  return async (what: string, question: () => Promise<unknown>, limits = { goes: 200, goalMs: 50 }): Promise<Row> => {
    const bytes = JSON.stringify({ json: await question() }).length;
    const answers: number[] = [];
    const floors: number[] = [];
    for (let go = 0; go < limits.goes; go++) {
      answers.push(await millisecondsOf(question));
      floors.push(await millisecondsOf(async () => (await fetch(`${bareOrigin}/${bytes}`, { method: 'POST' })).json()));
    }
    const [figure, floor] = [median(answers), median(floors)];
    const p95 = [...answers].sort((a, b) => a - b)[Math.floor(limits.goes * 0.95)] ?? Number.NaN;
    return {
      what: `${what}, ${(bytes / 1000).toFixed(1)} kB`,
      figure: `${figure.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`,
      beside: `bare server ${floor.toFixed(2)} ms`,
      ratio: (figure / floor).toFixed(1),
      goal: `p95 ≤ ${limits.goalMs} ms`,
      met: p95 <= limits.goalMs,
    };
  };
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
