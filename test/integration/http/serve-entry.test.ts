// npm start in a browser, as a process: the link it prints, the sample of the first start, and how it ends.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { contract } from '../../../src-shared/api/contract.ts';
import { gatherSnapshot } from '../../../src-shared/api/snapshot-slices.ts';

const script = join(import.meta.dirname, '..', '..', '..', 'src-main', 'serve.ts');
let folder: string;
const running = new Set<ReturnType<typeof start>>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-serve-'));
});
afterEach(async () => {
  for (const each of running) each.child.kill('SIGKILL');
  await Promise.all([...running].map(({ ended }) => ended));
  running.clear();
  await rm(folder, { recursive: true, force: true });
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, CIRCLETAKE_DATA: folder } });
  const written = { out: '', err: '' };
  const firstLine = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      written.out += text;
      if (written.out.includes('\n')) resolve(written.out.split('\n')[0] ?? '');
    });
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.err += text));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, firstLine, ended, written };
}

function serve(...args: string[]) {
  const serving = start(...args);
  running.add(serving);
  return serving;
}

describe('serve', () => {
  it('opens the sample on its first start and is left in order', async () => {
    const { child, firstLine, ended, written } = serve();
    const link = /^Open Circletake: (http:\/\/127\.0\.0\.1:\d+\/enter\?code=[\w-]+)$/.exec(await firstLine)?.[1] ?? '';
    const entered = await fetch(link, { redirect: 'manual' });
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
    const { origin } = new URL(link);
    const rpcLink = new RPCLink({ url: `${origin}/rpc`, headers: { cookie, origin } });
    const client: ContractRouterClient<typeof contract> = createORPCClient(rpcLink);
    const [project] = await client.projects.list();
    expect(project).toMatchObject({ open: true, trouble: null });
    const { shots } = await gatherSnapshot(await client.projects.snapshot({ projectId: project?.id ?? '' }));
    expect(shots.length).toBeGreaterThan(0);
    expect(await readdir(join(folder, 'projects'))).toEqual(['sample']);

    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(written.out).toContain('To open it once more: http://127.0.0.1');
    await expect(fetch(origin)).rejects.toThrow();
  });

  it.each([
    [['--port', 'x'], 'is not a port'],
    [['--nonsense'], 'nonsense'],
    [['nowhere'], 'nowhere'],
  ])('says what is wrong with %j and exits 1', async (args, said) => {
    const { ended, written } = serve(...args);
    expect(await ended).toBe(1);
    expect(written.err).toContain(said);
    expect(written.out).toBe('');
  });

  it('says that the port is taken', async () => {
    const first = serve();
    const port = new URL((await first.firstLine).replace('Open Circletake: ', '')).port;
    const second = serve('--port', port);
    expect(await second.ended).toBe(1);
    expect(second.written.err).toContain(`Port ${port} is used by another program.`);
  });
});
