import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { maskKnownSecrets } from '../../../src-main/platform/known-secrets.ts';
import { createLogger } from '../../../src-main/platform/logger.ts';
import type { SecretProtection } from '../../../src-main/settings/secret-protection.ts';
import { openSettings, type SettableProvider } from '../../../src-main/settings/settings.ts';
import { providerAddressSchema, providerKeySchema } from '../../../src-shared/domain/provider-settings.ts';

let folder: string;
let log: string;
beforeEach(async () => {
  log = '';
  folder = await mkdtemp(join(tmpdir(), 'circletake-settings-'));
});
afterEach(async () => {
  await chmod(join(folder, 'keys'), 0o700).catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
});

const paid: SettableProvider = {
  ...{ id: 'paid', title: 'Paid', key: { hint: 'one word', getItAt: 'the shop' }, addressIsUsers: false },
  baseUrls: { api: 'https://paid.example' },
  async testKey({ key, baseUrl }) {
    const given = key();
    if (given === 'good-key-1') return { kind: 'accepted', detail: `Accepted at ${baseUrl('api')}.` };
    return { kind: 'refused', reason: `Refused: ${given}.` };
  },
};
const own: SettableProvider = {
  ...{ id: 'own', title: 'Own machine', key: null, addressIsUsers: true },
  baseUrls: { api: 'http://127.0.0.1:8188' },
  testKey: async ({ baseUrl }) => ({ kind: 'unreachable', reason: `Nobody at ${baseUrl('api')}.` }),
};

interface Given {
  protection?: SecretProtection | null;
  env?: Record<string, string>;
}

const open = ({ protection = null, env = {} }: Given = {}) => {
  const changes = { count: 0 };
  const settings = openSettings({
    ...{ dataFolder: folder, providers: [paid, own], protection, env },
    logger: createLogger({ level: 'debug', write: (line) => (log += line) }),
    now: () => new Date('2026-11-21T12:00:00Z'),
    onChange: () => (changes.count += 1),
  });
  return settings.then((opened) => Object.assign(opened, { changes }));
};
const row = async (settings: Awaited<ReturnType<typeof open>>, id: string) =>
  (await settings.providers()).providers.find((provider) => provider.id === id);

const keyFile = () => join(folder, 'keys', 'keys.json');
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
const keychain: SecretProtection = {
  protect: (text) => Buffer.from([...text].reverse().join('')).toString('hex'),
  unprotect: (sealed) => [...Buffer.from(sealed, 'hex').toString()].reverse().join(''),
};

describe('a key', () => {
  it('is kept in a file for its owner alone, survives a restart and is never answered', async () => {
    const settings = await open();
    const answer = await settings.setKey({ provider: 'paid', key: 'good-key-1' });
    expect(answer).toMatchObject({ keyPlace: 'file', keyTrouble: null });
    expect(await modeOf(keyFile())).toBe(0o600);
    expect(await modeOf(join(folder, 'keys'))).toBe(0o700);
    const again = await open();
    expect(again.key('paid')).toBe('good-key-1');
    expect(JSON.stringify([answer, await again.providers()])).not.toContain('good');
  });

  it('is sealed by the keychain where the host has one', async () => {
    const settings = await open({ protection: keychain });
    expect(await settings.setKey({ provider: 'paid', key: 'good-key-1' })).toMatchObject({ keyPlace: 'keychain' });
    expect(await readFile(keyFile(), 'utf8')).not.toContain('good-key-1');
    expect((await open({ protection: keychain })).key('paid')).toBe('good-key-1');
    expect((await settings.providers()).keysGoTo).toBe('keychain');
  });

  it('that only the desktop can open says so in a terminal', async () => {
    await (await open({ protection: keychain })).setKey({ provider: 'paid', key: 'good-key-1' });
    const terminal = await open();
    expect(terminal.key('paid')).toBeNull();
    expect(terminal.whyNotReady('paid')).toContain('keychain of the desktop app');
    const broken = { ...keychain, unprotect: () => expect.fail('the keychain was reset') };
    expect((await open({ protection: broken })).whyNotReady('paid')).toContain('add it again in Settings');
  });

  it('of the environment comes first and is not changed here', async () => {
    await (await open()).setKey({ provider: 'paid', key: 'stored-key' });
    const settings = await open({ env: { CIRCLETAKE_KEY_PAID: ' from-outside ' } });
    expect(settings.key('paid')).toBe('from-outside');
    expect(await row(settings, 'paid')).toMatchObject({ keyPlace: 'environment' });
    await expect(settings.setKey({ provider: 'paid', key: 'another-key' })).rejects.toThrow('CIRCLETAKE_KEY_PAID');
    await expect(settings.removeKey('paid')).rejects.toThrow('CIRCLETAKE_KEY_PAID');
  });

  it('can be removed, and what waited for it is told of each change', async () => {
    const settings = await open();
    expect(settings.whyNotReady('paid')).toBe('No key for Paid yet: add it in Settings.');
    await settings.setKey({ provider: 'paid', key: 'good-key-1' });
    expect(settings.whyNotReady('paid')).toBeNull();
    expect(await settings.removeKey('paid')).toMatchObject({ keyPlace: null });
    expect([settings.key('paid'), settings.changes.count]).toEqual([null, 2]);
    expect(await readFile(keyFile(), 'utf8')).not.toContain('good-key-1');
  });

  it('is a secret before it is written, so that no message about the writing can carry it', async () => {
    const settings = await open();
    await writeFile(join(folder, 'keys'), 'in the way');
    const key = 'never-kept-4711';
    await expect(settings.setKey({ provider: 'paid', key })).rejects.toThrow();
    expect(maskKnownSecrets(`It was ${key}.`)).toBe('It was [key].');
  });

  it('set by two at once is lost by neither', async () => {
    const both = [await open(), await open()];
    await Promise.all(both.map((settings, index) => settings.setKey({ provider: 'paid', key: `good-key-${index}` })));
    expect((await open()).key('paid')).toMatch(/^good-key-[01]$/);
    expect(await readdir(join(folder, 'keys'))).toEqual(['keys.json']);
  });

  it('of a provider that needs none, or that is unknown, is refused', async () => {
    const settings = await open();
    await expect(settings.setKey({ provider: 'own', key: 'good-key-1' })).rejects.toThrow('needs no key');
    await expect(settings.setKey({ provider: 'who', key: 'good-key-1' })).rejects.toMatchObject({
      code: 'provider.unknown',
    });
  });

  it.each(['short', 'two words here', 'line\nbreak-in-it', 'schlüssel-ohne-ende', 'x'.repeat(5000)])(
    '“%s” is not one',
    (text) => {
      const parsed = providerKeySchema.safeParse(text);
      expect(parsed.success).toBe(false);
      expect(parsed.error?.message).not.toContain(text);
    },
  );
});

describe('the file of keys', () => {
  it('that others may read is closed to them', async () => {
    await (await open()).setKey({ provider: 'paid', key: 'good-key-1' });
    await chmod(keyFile(), 0o644);
    await chmod(join(folder, 'keys'), 0o755);
    expect((await open()).key('paid')).toBe('good-key-1');
    expect([await modeOf(keyFile()), await modeOf(join(folder, 'keys'))]).toEqual([0o600, 0o700]);
    expect(log).toContain('others could read');
  });

  it('that is a link is not read, with a sentence instead of a key', async () => {
    await mkdir(join(folder, 'keys'), { mode: 0o700 });
    await writeFile(join(folder, 'elsewhere.json'), '{}');
    await symlink(join(folder, 'elsewhere.json'), keyFile());
    const settings = await open();
    expect(settings.whyNotReady('paid')).toContain('it is no plain file');
    await expect(settings.setKey({ provider: 'paid', key: 'good-key-1' })).rejects.toThrow('no plain file');
  });

  it('that is damaged is set aside, not overwritten', async () => {
    await mkdir(join(folder, 'keys'), { mode: 0o700 });
    await writeFile(keyFile(), '{"schema_version": "circle', { mode: 0o600 });
    const settings = await open();
    await settings.setKey({ provider: 'paid', key: 'good-key-1' });
    expect((await readdir(join(folder, 'keys'))).sort()).toEqual([
      'keys.json',
      expect.stringMatching(/^keys\.json\.damaged-/),
    ]);
  });
});

describe('trying out a key', () => {
  it('says what the provider said and keeps it until the key changes', async () => {
    const settings = await open();
    await expect(settings.testKey('paid')).rejects.toThrow('No key for Paid yet');
    await settings.setKey({ provider: 'paid', key: 'good-key-1' });
    expect(await settings.testKey('paid')).toMatchObject({
      ...{ kind: 'accepted', detail: 'Accepted at https://paid.example.', at: '2026-11-21T12:00:00.000Z' },
    });
    expect(await row(await open(), 'paid')).toMatchObject({ lastTest: { kind: 'accepted' } });
    await settings.setKey({ provider: 'paid', key: 'wrong-key-2' });
    expect(await row(settings, 'paid')).toMatchObject({ lastTest: null });
  });

  it('keeps no key that the answer echoes', async () => {
    const settings = await open();
    await settings.setKey({ provider: 'paid', key: 'wrong-key-2' });
    expect(await settings.testKey('paid')).toMatchObject({ kind: 'refused', detail: 'Refused: [key].' });
    expect(await readFile(join(folder, 'settings.json'), 'utf8')).not.toContain('wrong-key-2');
  });
});

describe('an address', () => {
  it('of an own machine is kept, and taken back to the usual one', async () => {
    const settings = await open();
    await settings.setAddress({ provider: 'own', address: 'http://10.0.0.7:8188' });
    expect((await open()).address('own', 'api')).toBe('http://10.0.0.7:8188');
    expect(await settings.testKey('own')).toMatchObject({
      ...{ kind: 'unreachable', detail: 'Nobody at http://10.0.0.7:8188.' },
    });
    expect(await settings.setAddress({ provider: 'own', address: null })).toMatchObject({
      address: 'http://127.0.0.1:8188',
    });
    expect(settings.address('own', 'api')).toBeNull();
  });

  it('of a paid provider is its own', async () => {
    const settings = await open();
    await expect(settings.setAddress({ provider: 'paid', address: 'http://10.0.0.7' })).rejects.toThrow('not yours');
  });

  it.each(['ftp://x', 'http://user:pass@x', 'http://x/?a=b', 'http://x/#a', 'http://x:99999', 'javascript:1', 'x'])(
    'such as %s is refused',
    (text) => expect(providerAddressSchema.safeParse(text).success).toBe(false),
  );
});

describe('the log', () => {
  it('carries no key, however it came into a message', async () => {
    await (await open()).setKey({ provider: 'paid', key: 'id-part-1:"secret"-part' });
    const logger = createLogger({ level: 'debug', write: (line) => (log += line) });
    const key = 'id-part-1:"secret"-part';
    logger.error(`sent ${key}`, {
      error: new Error(`cause ${key}`, { cause: { body: `echo ${Buffer.from(key).toString('base64')}` } }),
      url: `http://x/?k=${encodeURIComponent(key)}`,
    });
    for (const part of ['id-part-1', 'secret', Buffer.from(key).toString('base64').slice(0, 20)]) {
      expect(log).not.toContain(part);
    }
  });
});
