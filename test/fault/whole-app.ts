/** The whole app as a person has it: `circletake serve` in a process of its own, asked over HTTP with the session's cookie. */
import { setTimeout as pause } from 'node:timers/promises';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../src-shared/api/contract.ts';
import { gatherSnapshot } from '../../src-shared/api/snapshot-slices.ts';
import { batchConfigSchema } from '../../src-shared/domain/batch.ts';
import { type RunningProgram, startCircletake } from '../fixtures/spawn-circletake.ts';
import type { Desk } from './work-through.ts';

export interface WholeApp {
  program: RunningProgram;
  /** resolves when it can be asked; null when it ended before */
  desk: Promise<Desk | null>;
}

/** Starts it on one project. */
export function startWholeApp(folder: string, dataFolder: string): WholeApp {
  const program = startCircletake(['serve', folder, '--json'], dataFolder);
  let printed = '';
  program.child.stdout?.on('data', (text: string) => {
    printed += text;
  });
  const desk = program.prints(/"url":\s*"[^"]+"/).then(async (isUp) => {
    const url = /"url":\s*"([^"]+)"/.exec(printed)?.[1];
    return isUp && url !== undefined ? enter(url, program).catch(() => null) : null;
  });
  return { program, desk };
}

async function enter(url: string, program: RunningProgram): Promise<Desk> {
  const answer = await fetch(url, { redirect: 'manual' });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { origin } = new URL(url);
  const link = new RPCLink({ url: `${origin}/rpc`, headers: { cookie, origin } });
  const client: ContractRouterClient<typeof contract> = createORPCClient(link);
  const projectId = (await client.projects.list())[0]?.id ?? '';
  const snapshot = async (episodeId?: string) =>
    gatherSnapshot(await client.projects.snapshot({ projectId, episodeId }));
  return {
    services: {
      batches: {
        list: () => client.batches.list({ projectId }),
        resume: (batchId) => client.batches.resume({ projectId, batchId }),
      },
      takes: {
        async ofEpisode(episodeId) {
          const { shots } = await snapshot(episodeId);
          const lists = await Promise.all(shots.map(({ id }) => client.takes.list({ projectId, shotId: id })));
          return lists.flatMap(({ takes }) => takes);
        },
      },
      review: {
        approve: (decision) => client.review.approve({ projectId, ...decision }),
        reject: (decision) => client.review.reject({ projectId, ...decision }),
        reroute: (decision) => client.review.reroute({ projectId, ...decision }),
      },
      snapshot,
    },
    start: (config) =>
      client.batches.start({ projectId, config: batchConfigSchema.parse({ episodeId: 'EP001', ...config }) }),
    async until(look) {
      for (;;) {
        const found = await look();
        if (found) return found;
        if (program.child.exitCode !== null || program.child.signalCode !== null) throw new Error('the app has ended');
        await pause(20);
      }
    },
  };
}
