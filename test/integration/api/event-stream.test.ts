import { connect, type Socket } from 'node:net';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { contract } from '../../../src-shared/api/contract.ts';
import { createHttpWorld, type HttpWorld } from '../../fakes/http-world.ts';

let world: HttpWorld;
let client: ContractRouterClient<typeof contract>;
beforeEach(async () => {
  world = await createHttpWorld({ rows: 500 });
  client = createORPCClient(new RPCLink({ url: `${world.server.origin}/rpc`, headers: world.signedIn }));
});
afterEach(() => world.close());

async function follow(since: number, until: number): Promise<number[]> {
  const leaving = new AbortController();
  const seen: number[] = [];
  const stream = await client.events.stream({ projectId: 'demo', since }, { signal: leaving.signal });
  for await (const event of stream) {
    seen.push(event.seq);
    if (event.seq >= until) break;
  }
  leaving.abort();
  return seen;
}

const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('the event stream over HTTP', () => {
  it('replays the journal, follows it, and goes on where a client left off', async () => {
    expect(await follow(0, 500)).toEqual(upTo(1, 500));
    const following = follow(500, 503);
    await vi.waitFor(() => expect(world.studio.journal.listeners).toBeGreaterThan(0), { timeout: 60_000 });
    world.studio.journal.commit(2);
    world.studio.journal.commit(1);
    expect(await following).toEqual([501, 502, 503]);
    world.studio.journal.commit(40);
    expect(await follow(503, 543)).toEqual(upTo(504, 543));
  });

  it('stops listening when the client goes', async () => {
    await Promise.all([follow(490, 500), follow(495, 500), follow(499, 500)]);
    await vi.waitFor(() => expect(world.studio.journal.listeners).toBe(0), { timeout: 60_000 });
  });

  it('ends for everyone when the project closes', async () => {
    const following = follow(500, Number.POSITIVE_INFINITY);
    await vi.waitFor(() => expect(world.studio.journal.listeners).toBe(1), { timeout: 60_000 });
    world.studio.journal.close();
    expect(await following).toEqual([]);
    expect(world.log).toEqual([]);
  });

  it('reads no further ahead than a client that does not read', async () => {
    const rows = 2_000_000;
    world.studio.journal.commit(rows);
    const socket = await openUnreadStream(world);
    let pages = -1;
    const standsStill = () => {
      const before = pages;
      pages = world.studio.journal.pagesRead;
      expect(pages).toBeGreaterThan(0);
      expect(pages).toBe(before);
    };
    await vi.waitFor(standsStill, { timeout: 60_000, interval: 500 });
    expect(pages).toBeLessThan(rows / 200 / 4);
    socket.destroy();
    await vi.waitFor(() => expect(world.studio.journal.listeners).toBe(0), { timeout: 60_000 });
  });

  it('is a typed error for a project that is not there', async () => {
    await expect(client.events.stream({ projectId: 'other', since: 0 })).rejects.toMatchObject({
      code: 'project.not-found',
    });
  });
});

/** Asks for the whole journal over a bare socket and reads nothing of the answer. */
function openUnreadStream({ server, signedIn }: HttpWorld): Promise<Socket> {
  const body = JSON.stringify({ json: { projectId: 'demo', since: 0 } });
  const head = [
    'POST /rpc/events/stream HTTP/1.1',
    `Host: 127.0.0.1:${server.port}`,
    `Cookie: ${signedIn.cookie}`,
    `Origin: ${server.origin}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.pause();
      socket.write(`${head.join('\r\n')}\r\n\r\n${body}`, () => resolve(socket));
    });
    socket.on('error', reject);
  });
}
