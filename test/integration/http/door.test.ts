import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpWorld, type HttpWorld } from '../../fakes/http-world.ts';

let world: HttpWorld;
beforeAll(async () => {
  world = await createHttpWorld();
});
afterAll(() => world.close());

const hosts = (port: number) => ({
  exact: [`127.0.0.1:${port}`, `localhost:${port}`],
  wrong: [
    '127.0.0.1',
    'localhost',
    `127.0.0.1:${port + 1}`,
    `127.0.0.1.evil.example:${port}`,
    `evil.example:${port}`,
    `0.0.0.0:${port}`,
    `[::1]:${port}`,
    `LOCALHOST:${port}`,
    `127.1:${port}`,
    `127.0.0.1:0${port}`,
  ],
});

type Case = { name: string; method: string; headers: Record<string, string>; passes: boolean };

/** Host × Origin × token × method, and the fetch metadata: what passes is listed, all the rest is refused. */
function grid(port: number, cookie: { name: string; value: string }): Case[] {
  const { exact, wrong } = hosts(port);
  const cookies: Record<string, string | null> = {
    right: `${cookie.name}=${cookie.value}`,
    wrong: `${cookie.name}=${cookie.value.slice(0, -1)}x`,
    otherName: `circletake_session=${cookie.value}`,
    none: null,
  };
  const cases: Case[] = [];
  for (const host of [...exact, ...wrong]) {
    const same = `http://${host}`;
    for (const origin of [null, same, 'null', 'http://evil.example', `https://${host}`, `${same}.evil.example`]) {
      for (const method of ['GET', 'POST']) {
        for (const [token, value] of Object.entries(cookies)) {
          const headers: Record<string, string> = { host };
          if (origin !== null) headers.origin = origin;
          if (value !== null) headers.cookie = value;
          const originFits = origin === same || (origin === null && method === 'GET');
          const passes = exact.includes(host) && originFits && token === 'right';
          cases.push({ name: `${method} host=${host} origin=${origin} token=${token}`, method, headers, passes });
        }
      }
    }
  }
  return cases;
}

function fetchSiteGrid(port: number, cookie: { name: string; value: string }): Case[] {
  const base = { host: `127.0.0.1:${port}`, cookie: `${cookie.name}=${cookie.value}` };
  const cases: Case[] = [];
  for (const method of ['GET', 'POST']) {
    for (const site of ['same-origin', 'same-site', 'cross-site', 'none', 'nonsense']) {
      const passes = site === 'same-origin' || (site === 'none' && method === 'GET');
      cases.push({ name: `${method} ${site}`, method, headers: { ...base, 'sec-fetch-site': site }, passes });
    }
  }
  return cases;
}

describe('the door', () => {
  it('refuses every request but an exact one', async () => {
    const { port, cookie } = world.server;
    const cases = [...grid(port, cookie), ...fetchSiteGrid(port, cookie)];
    expect(cases.length).toBeGreaterThanOrEqual(60);
    const wrong: string[] = [];
    for (const { name, method, headers, passes } of cases) {
      const path = method === 'GET' ? '/' : '/rpc/projects/list';
      const answer = await world.send(method, path, { headers });
      if (passes !== (answer.status === 200)) wrong.push(`${name}: ${answer.status}`);
      if (!passes && ![400, 401, 403].includes(answer.status)) wrong.push(`${name}: ${answer.status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('asks for the session on every kind of address', async () => {
    const paths = ['/', '/assets/main-abc123.js', '/media/demo/refs/00', '/api/openapi.json', '/nothing'];
    for (const path of paths) expect((await world.send('GET', path)).status, path).toBe(401);
    const headers = { origin: world.server.origin, 'content-type': 'application/json' };
    for (const path of ['/rpc/projects/list', '/api/projects/list', '/upload']) {
      expect((await world.send('POST', path, { headers })).status, path).toBe(401);
    }
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])('does not serve %s', async (method) => {
    const answer = await world.send(method, '/rpc/projects/list', { headers: world.signedIn });
    expect(answer.status).toBe(405);
  });

  it('gives no other origin leave to read anything', async () => {
    const preflight = { ...world.signedIn, origin: 'http://evil.example', 'access-control-request-method': 'POST' };
    for (const method of ['OPTIONS', 'GET', 'POST']) {
      const answer = await world.send(method, '/rpc/projects/list', { headers: preflight });
      expect(answer.status).toBe(403);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('puts the security headers on answers, refusals and failures alike', async () => {
    const answers = [
      await world.send('GET', '/', { headers: world.signedIn }),
      await world.send('GET', '/'),
      await world.send('GET', '/nothing', { headers: world.signedIn }),
      await world.send('DELETE', '/', { headers: world.signedIn }),
      await world.send('GET', '/enter?code=wrong'),
      await world.send('GET', '/media/demo/takes/EP001_SH001_T9/original', { headers: world.signedIn }),
    ];
    for (const { headers } of answers) {
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).toContain("script-src 'self';");
      expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe|https?:|\*/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['permissions-policy']).toContain('camera=()');
    }
  });
});

describe('the one-time link', () => {
  const codeOf = (link: string) => new URL(link).pathname + new URL(link).search;

  it('opens once, and then no more', async () => {
    const link = world.server.issueLink();
    const first = await world.send('GET', codeOf(link));
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    const setCookie = first.headers['set-cookie']?.[0] ?? '';
    expect(setCookie).toMatch(/; HttpOnly/);
    expect(setCookie).toMatch(/; SameSite=Strict/);
    const cookie = setCookie.split(';')[0] ?? '';
    expect((await world.send('GET', '/', { headers: { cookie } })).status).toBe(200);
    const second = await world.send('GET', codeOf(link));
    expect(second.status).toBe(401);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  it('is not used up by a preview or a stranger', async () => {
    const link = world.server.issueLink();
    expect((await world.send('HEAD', codeOf(link))).status).toBe(401);
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await world.send('GET', codeOf(link), { headers })).status).toBe(403);
    expect((await world.send('GET', codeOf(link))).status).toBe(303);
  });

  it('opens for no guessed code', async () => {
    for (const code of ['', 'x', '__proto__', world.server.cookie.value]) {
      expect((await world.send('GET', `/enter?code=${code}`)).status).toBe(401);
    }
  });
});
