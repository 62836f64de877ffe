// Keys on the command line: one from the environment, one that is stored. Every verb is used against a provider that hands
// keys back, and nothing that was printed, started or reported may hold a piece of them.
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { spellingsOf } from '../../../src-main/platform/known-secrets.ts';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { startEchoingProvider } from '../../fixtures/echoing-provider.ts';
import type { HttpPeer } from '../../fixtures/start-http-peer.ts';
import { type CliWorld, createCliWorld, type Ended } from './cli-process.ts';

const given = 'planted-given-61ac:secret-of-the-environment';
const stored = 'planted-stored-9f02:secret-of-the-file';
const pieces = spellingsOf([given, stored]);
const inText = (text: string) => pieces.filter((piece) => text.includes(piece));

let world: CliWorld;
let peer: HttpPeer;
/** arguments and environment of every child, one after the other */
let children: string;
/** of every verb */
const environment: Record<string, string> = { CIRCLETAKE_KEY_FAL: given };
const printed: [command: string, Ended][] = [];

/** Programs named ffmpeg and ffprobe that write down what they were given and then do their work. */
function plantTellTales(folder: string): void {
  const path = (process.env.PATH ?? '').split(':');
  for (const name of ['ffmpeg', 'ffprobe']) {
    const real = path.map((part) => join(part, name)).find((file) => isThere(file)) ?? name;
    const script = `#!/bin/sh\n{ echo "$0 $*"; env; } >> ${join(folder, 'children.txt')}\nexec ${real} "$@"\n`;
    writeFileSync(join(folder, name), script);
    chmodSync(join(folder, name), 0o755);
  }
}

function isThere(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}

async function cli(...args: string[]): Promise<Ended> {
  const ended = await world.cli(...args);
  printed.push([args.join(' '), ended]);
  return ended;
}

beforeAll(async () => {
  world = createCliWorld(2, environment);
  plantTellTales(world.folder);
  environment.CIRCLETAKE_FFMPEG = join(world.folder, 'ffmpeg');
  children = join(world.folder, 'children.txt');
  peer = await startEchoingProvider();
  const address = (id: string, parts: string[]) => [
    id,
    Object.fromEntries(parts.map((part) => [part, `${peer.url}/${id}-${part}`])),
  ];
  const addresses = Object.fromEntries([address('fal', ['queue', 'rest', 'api']), address('google', ['api'])]);
  const settings = { schema_version: 'circletake.settings.v1', addresses };
  // made by the first verb
  await cli('key', 'list');
  writeFileSync(join(world.folder, 'data', 'settings.json'), JSON.stringify(settings));
});
afterAll(async () => {
  await peer.close();
  world.remove();
});

describe('a key given to the command line', () => {
  it('is taken from standard input and from the environment, and used', async () => {
    const set = world.start('key', 'set', 'google');
    set.child.stdin?.end(`${stored}\n`);
    printed.push(['key set google', await set.ended]);
    expect(printed.at(-1)?.[1].code).toBe(0);
    await cli('key', 'set', 'google', stored);
    await cli('key', 'remove', 'fal');
    for (const provider of ['fal', 'google']) for (let go = 0; go < 3; go++) await cli('key', 'test', provider);
    const signed = peer.seen.flatMap(({ headers }) => [headers.authorization, headers['x-goog-api-key']]);
    expect(signed.join(' ')).toContain(given);
    expect(signed.join(' ')).toContain(stored);
  });

  it('is printed by no verb, in text or JSON, whatever the provider hands back', async () => {
    const scope = ['film', '--episode', 'EP001', '--phase', 'previs'];
    await cli('run', ...scope, '--shots', 'EP001_SH002');
    const one = [...scope, '--shots', 'EP001_SH001', '--provider', 'fal', '--unattended'];
    await cli('audit', ...one);
    const run = world.start('run', ...one, '--budget', '1');
    let said = '';
    run.child.stderr?.on('data', (text: string) => {
      const before = said;
      said += text;
      // the provider never takes it: stopped where it waits
      if (/Remediating|Halted|Awaiting/.test(said) && !/Remediating|Halted|Awaiting/.test(before))
        run.child.kill('SIGINT');
    });
    printed.push(['run', await run.ended]);
    const { batches } = JSON.parse((await cli('batches', 'film', '--json')).out) as { batches: Batch[] };
    expect(batches.map(({ config }) => config.provider).sort()).toEqual(['embedded', 'fal']);
    for (const { id } of batches) await cli('batches', 'film', id);
    for (const verb of [
      ['batches', 'film', '--shot', 'EP001_SH001'],
      ['reconcile', 'film', '--ask'],
      ['status', 'film', '--json'],
      ['learn', 'film'],
      ['key', 'list', '--json'],
      ['doctor'],
    ]) {
      await cli(...verb);
    }
    for (const [command, { out, err }] of printed) expect([command, inText(out + err)]).toEqual([command, []]);
  });

  it('is an argument or in the environment of no child', () => {
    const told = readFileSync(children, 'utf8');
    // not as whole texts: an environment is nothing to print in a test's answer
    const found = ['-version', '-nostdin', 'CIRCLETAKE_DATA=', 'CIRCLETAKE_KEY'].filter((word) => told.includes(word));
    expect(found).toEqual(['-version', '-nostdin', 'CIRCLETAKE_DATA=']);
    expect(inText(told)).toEqual([]);
  });

  it('is in no report of a process that crashed', async () => {
    environment.NODE_OPTIONS = `--report-on-signal --report-directory=${world.folder}`;
    const serving = world.start('serve', 'film', '--json');
    await new Promise((resolve) => serving.child.stdout?.once('data', resolve));
    // as Node writes it at a fatal error
    serving.child.kill('SIGUSR2');
    const written = await vi.waitFor(
      () => {
        const name = readdirSync(world.folder).find((file) => file.startsWith('report.'));
        return JSON.parse(readFileSync(join(world.folder, name ?? ''), 'utf8')) as { environmentVariables: object };
      },
      { timeout: 60_000 },
    );
    expect(Object.keys(written.environmentVariables)).toContain('CIRCLETAKE_DATA');
    expect(inText(JSON.stringify(written))).toEqual([]);
    serving.child.kill('SIGTERM');
    expect((await serving.ended).code).toBe(0);
  });
});
