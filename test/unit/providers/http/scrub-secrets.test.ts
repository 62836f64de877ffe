import { inspect } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { createApiClient } from '../../../../src-main/providers/http/api-client.ts';
import { scrubText } from '../../../../src-main/providers/http/scrub-secrets.ts';
import { answerJson, type HttpPeer, startHttpPeer } from '../../../fixtures/start-http-peer.ts';

const key = 'id-3f9c21:s3cret+/planted==';
let peer: HttpPeer | null = null;
afterEach(() => peer?.close());

const variants = [
  key,
  's3cret+/planted==',
  encodeURIComponent(key),
  Buffer.from(key).toString('base64'),
  `Authorization: Key ${key}`,
  `{"headers":{"Authorization":"Key ${key}"}}`,
];

it.each(variants)('takes the key out of %j', (text) => {
  const scrubbed = scrubText(text, [key]);
  for (const part of ['s3cret', 'planted', Buffer.from('s3cret').toString('base64').slice(0, 6)]) {
    expect(scrubbed).not.toContain(part);
  }
});

it.each([
  ['Authorization: Bearer abc.def.ghi-123456', 'Authorization: [key]'],
  ['{"authorization":"Bearer abc.def.ghi"}', '{"authorization":"[key]"}'],
  ['https://x.test/a?X-Amz-Signature=0a1b2c&b=1', 'https://x.test/a?X-Amz-Signature=[key]&b=1'],
  ['GET /v1?key=AIzaSyD-9tSrke72', 'GET /v1?key=[key]'],
  ['x-goog-api-key: AIzaSyD', 'x-goog-api-key: [key]'],
])('takes what looks like a credential out of %j', (text, expected) => {
  expect(scrubText(text, [])).toBe(expected);
});

it('leaves ordinary words alone', () => {
  const text = 'The keyframe is the key to the scene; the token gesture of a bearer of news.';
  expect(scrubText(text, ['', 'key'])).toBe(text);
});

it('has no key in an error or an answer of a provider that echoes what it was sent', async () => {
  peer = await startHttpPeer((call, response) => {
    const status = Number(call.url.slice(1));
    answerJson(response, status, { echo: call.headers, again: encodeURIComponent(key) }, { 'x-echo': key });
  });
  const client = createApiClient({ title: 'fal', secrets: () => [key, null, ''], now: () => new Date(0) });
  const signal = new AbortController().signal;
  const call = (status: number) =>
    client.call(
      {
        ...{ purpose: 'poll', method: 'GET', url: `${peer?.url}/${status}`, headers: { authorization: `Key ${key}` } },
      },
      signal,
    );
  const error = await call(400).catch((thrown: unknown) => thrown);
  const told = inspect([error, Reflect.get(Object(error), 'stack'), await call(200)], { depth: 9, showHidden: true });
  const body = JSON.stringify((error as { json(): unknown }).json());
  const header = String((error as { header(name: string): unknown }).header('x-echo'));
  for (const text of [told, body, header]) {
    expect(text).toContain('[key]');
    expect(text).not.toContain('s3cret');
  }
});
