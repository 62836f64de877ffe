import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpWorld, type HttpWorld } from '../../fakes/http-world.ts';

let world: HttpWorld;
beforeEach(async () => {
  world = await createHttpWorld();
});
afterEach(() => world.close());

const get = (path: string, accept = '*/*') => world.send('GET', path, { headers: { ...world.signedIn, accept } });

describe('the built renderer', () => {
  it('is served from its folder, hashed files for ever and the page never from a cache', async () => {
    const page = await get('/');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers['cache-control']).toBe('no-store');
    const script = await get('/assets/main-abc123.js');
    expect(script.body.toString()).toBe('export {};');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toBe('private, max-age=31536000, immutable');
  });

  it('answers a window at any plain address with the page, and anything else with 404', async () => {
    expect((await get('/dailies', 'text/html')).body.toString()).toContain('<title>t</title>');
    for (const path of [
      '/dailies',
      '/assets/none.js',
      '/assets',
      '/favicon.ico',
      '/main.exe',
      '/assets/main-abc123.js/x.js',
    ]) {
      expect((await get(path)).status, path).toBe(404);
    }
  });

  it.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/%2e%2e/secret.js',
    '/assets/%2e%2e/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/assets/..%5c..%5csecret.js',
    '//secret.js',
    '/assets/.hidden.js',
    '/%00.js',
    '/assets%2fmain-abc123.js',
  ])('yields nothing for %s', async (path) => {
    await writeFile(join(world.folder, 'renderer', 'assets', '.hidden.js'), 'secret');
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).not.toContain('secret');
  });

  it('says how to build it when it is not there', async () => {
    await rm(join(world.folder, 'renderer'), { recursive: true });
    const page = await get('/', 'text/html');
    expect([page.status, page.body.toString()]).toEqual([503, expect.stringContaining('npm run build')]);
    expect((await get('/assets/main-abc123.js')).status).toBe(404);
  });

  it('tells HEAD the length alone', async () => {
    const answer = await world.send('HEAD', '/assets/main-abc123.js', { headers: world.signedIn });
    expect([answer.status, answer.headers['content-length'], answer.body.length]).toEqual([200, '10', 0]);
  });

  it('is not confused by a folder with a file’s name', async () => {
    await mkdir(join(world.folder, 'renderer', 'assets', 'folder.js'));
    expect((await get('/assets/folder.js')).status).toBe(404);
  });
});
