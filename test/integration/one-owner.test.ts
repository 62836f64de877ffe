/** One process owns an open project; everybody else is told who has it, and a dead owner keeps nobody out. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer } from '../../src-main/http/start-server.ts';
import { silentLogger } from '../../src-main/platform/logger.ts';
import { createStudio } from '../../src-main/studio.ts';
import type { contract } from '../../src-shared/api/contract.ts';
import { type MadeProject, makeProject } from '../fixtures/make-project.ts';
import { type RunningProgram, runCircletake, startCircletake } from '../fixtures/spawn-circletake.ts';

let project: MadeProject;
let dataFolder: string;
const running: RunningProgram[] = [];
beforeEach(() => {
  project = makeProject();
  dataFolder = mkdtempSync(join(tmpdir(), 'circletake-owner-'));
});
afterEach(async () => {
  for (const program of running) program.kill();
  await Promise.all(running.splice(0).map(({ ended }) => ended));
  project.remove();
  rmSync(dataFolder, { recursive: true, force: true });
});

/** A process that has the project open. */
async function startOwner(): Promise<RunningProgram> {
  const owner = startCircletake(['serve', project.dir, '--json'], dataFolder);
  running.push(owner);
  const link = await owner.prints(/"url"/);
  expect(link, 'the owner has the project open').toBe(true);
  return owner;
}

describe('a second process', () => {
  it('is refused with the name of the first, by exit code, sentence and JSON', async () => {
    const owner = await startOwner();
    const second = await runCircletake(['status', project.dir, '--json'], dataFolder);
    expect(second.code).toBe(6);
    expect(second.err).toContain(`open in another Circletake (process ${owner.child.pid}`);
    expect(second.err).toContain('Close it there first.');
    expect(JSON.parse(second.out)).toMatchObject({ error: { code: 'project.in-use' } });
    expect(owner.child.exitCode, 'the owner goes on').toBe(null);
  });

  it('shows why in its list of projects and opens it once the first has ended', async () => {
    const studio = await createStudio({ dataFolder, rememberProjects: true, logger: silentLogger });
    const server = await startServer({
      studio,
      port: 0,
      rendererFolder: dataFolder,
      version: '0',
      logger: silentLogger,
    });
    const cookie = `${server.cookie.name}=${server.cookie.value}`;
    const link = new RPCLink({ url: `${server.origin}/rpc`, headers: { cookie, origin: server.origin } });
    const client: ContractRouterClient<typeof contract> = createORPCClient(link);
    try {
      const { id } = await studio.addProject(project.dir);
      await client.projects.close({ projectId: id });
      const owner = await startOwner();
      const refused = await client.projects.open({ projectId: id });
      expect(refused).toMatchObject({ open: false, trouble: expect.stringContaining('open in another Circletake') });
      expect(await client.projects.list()).toEqual([refused]);
      await expect(client.projects.snapshot({ projectId: id })).rejects.toMatchObject({ code: 'project.not-open' });
      owner.kill('SIGTERM');
      expect(await owner.ended).toMatchObject({ code: 0 });
      expect(await client.projects.open({ projectId: id })).toMatchObject({ open: true, trouble: null });
    } finally {
      await server.close();
      await studio.close();
    }
  });

  it('takes over at once from one that was killed', async () => {
    const owner = await startOwner();
    owner.kill();
    await owner.ended;
    const lock = JSON.parse(readFileSync(join(project.dir, 'state', 'project.lock'), 'utf8'));
    expect(lock.pid).toBe(owner.child.pid);
    expect(await runCircletake(['status', project.dir], dataFolder)).toMatchObject({ code: 0 });
  });
});

describe('two processes that ask at the same moment', () => {
  it('are one winner and one refusal, ten times, also over the lock of a dead one', async () => {
    for (let round = 0; round < 10; round++) {
      const racers = [startRacer(), startRacer()];
      await Promise.all(racers.map((racer) => racer.next()));
      for (const racer of racers) racer.go();
      const answers = await Promise.all(racers.map((racer) => racer.next()));
      expect(answers.sort(), `round ${round}`).toEqual(['project.in-use', 'won']);
      // the winner dies with its lock in place
      await Promise.all(racers.map((racer) => racer.kill()));
    }
  });
});

function startRacer() {
  const script = fileURLToPath(new URL('../fixtures/spawn-racer.ts', import.meta.url));
  const child = spawn(process.execPath, [script, project.dir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = child.stdout.setEncoding('utf8')[Symbol.asyncIterator]();
  const ended = new Promise((resolve) => child.once('close', resolve));
  return {
    next: async () => String((await lines.next()).value ?? 'ended').trim(),
    go: () => void child.stdin.write('go\n'),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
