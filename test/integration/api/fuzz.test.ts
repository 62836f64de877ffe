// S1: whatever a client sends, the answer is a valid one or an error of the contract; nothing crashes and nothing of the
// inside is told. CIRCLETAKE_FUZZ_RUNS raises the number of runs per procedure (500) for a long run.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../../../src-shared/api/contract.ts';
import { appErrorStatuses } from '../../../src-shared/api/errors.ts';
import { createHttpWorld, type HttpWorld } from '../../fakes/http-world.ts';

const numRuns = Number(process.env.CIRCLETAKE_FUZZ_RUNS ?? 500);
const procedures = Object.entries(contract).flatMap(([group, members]) =>
  Object.keys(members).map((name) => `${group}/${name}`),
);

const nasty = fc.oneof(
  fc.constantFrom<unknown>('__proto__', 'constructor', 'prototype', '', '\u0000', '../../etc/passwd', 'C:\\x', 'NaN'),
  fc.constantFrom<unknown>(null, true, false, 0, -0, -1, 1e308, 2 ** 53, 0.1, [], {}, [[[[[]]]]]),
  fc.constantFrom<unknown>('demo', 'EP001', 'EP001_SH001', 'EP001_SH001_T1', 'previs', 'video', 'batch_1'),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.nat(3).map((power) => 'x'.repeat(10 ** (power + 2))),
  fc.jsonValue({ maxDepth: 3 }),
);
const fieldNames = [
  'projectId',
  'shotId',
  'takeId',
  'episodeId',
  'phase',
  'note',
  'reasons',
  'workflowId',
  'uploadId',
  'reason',
  'reviewId',
  'config',
  'batchId',
  'budgetMicroUsd',
  'slot',
  'since',
  'slug',
  'title',
];
const fields = fc.uniqueArray(fc.tuple(fc.oneof(fc.constantFrom(...fieldNames), fc.string()), nasty), {
  maxLength: 8,
  selector: ([name]) => name,
});
/** Written by hand, because a literal cannot hold an own `__proto__`. */
const objectText = fields.map(
  (pairs) => `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
);
const poison = fc.constantFrom('{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}');
const inputText = fc.oneof(
  { arbitrary: objectText, weight: 5 },
  poison,
  nasty.map((value) => JSON.stringify(value)),
);
/** The serializer's own channel: types to revive at paths of the input. */
const metaText = fc
  .array(
    fc.tuple(
      fc.integer({ min: -1, max: 9 }),
      fc.array(fc.constantFrom('__proto__', 'projectId', 'x', 0), { maxLength: 3 }),
    ),
  )
  .map((meta) => JSON.stringify(meta.map(([type, path]) => [type, ...path])));
const bodyText = fc.oneof(
  { arbitrary: inputText.map((input) => `{"json":${input}}`), weight: 6 },
  { arbitrary: fc.tuple(inputText, metaText).map(([input, meta]) => `{"json":${input},"meta":${meta}}`), weight: 2 },
  fc.constantFrom('', '{', 'null', '[]', '{"json":', '\ufeff{}', '{"json":1e999}', '{"json":{"projectId":NaN}}'),
  fc.nat(5000).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
);

let world: HttpWorld;
beforeAll(async () => {
  world = await createHttpWorld();
});
afterAll(() => world.close());

describe('every procedure, whatever it is sent', () => {
  it.each(procedures.filter((name) => name !== 'events/stream'))('%s answers or refuses', async (name) => {
    const headers = { ...world.signedIn, 'content-type': 'application/json' };
    const check = async (mount: string, body: string) => {
      const answer = await world.send('POST', `/${mount}/${name}`, { headers, body });
      if (answer.status === 200) return;
      const said = JSON.parse(answer.body.toString());
      const error = mount === 'rpc' && answer.body.length > 0 ? (said.json ?? said) : said;
      expect(error.code in appErrorStatuses, `${error.code}: ${error.message}`).toBe(true);
      expect(error.message.length).toBeLessThan(1000);
    };
    await fc.assert(fc.asyncProperty(fc.constantFrom('rpc', 'api'), fc.oneof(bodyText, inputText), check), { numRuns });
    expect(world.log).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  });

  it('events/stream refuses bad input before it streams', async () => {
    const headers = { ...world.signedIn, 'content-type': 'application/json' };
    for (const json of [
      {},
      { projectId: 'demo' },
      { projectId: 'demo', since: -1 },
      { projectId: 'demo', since: 0.5 },
    ]) {
      const answer = await world.send('POST', '/rpc/events/stream', { headers, body: JSON.stringify({ json }) });
      expect(answer.status).toBe(400);
    }
  });

  it('refuses what is no JSON and what is too much', async () => {
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
    ];
    for (const type of types) {
      const headers = { ...world.signedIn, 'content-type': type };
      const answer = await world.send('POST', '/rpc/projects/list', { headers, body: '{}' });
      expect([answer.status, JSON.parse(answer.body.toString()).code]).toEqual([400, 'input.invalid']);
    }
    const headers = { ...world.signedIn, 'content-type': 'application/json' };
    const body = JSON.stringify({ json: 'x'.repeat(20_000_000) });
    const answer = await world.send('POST', '/rpc/projects/list', { headers, body });
    expect(JSON.parse(answer.body.toString()).code).toBe('input.invalid');
  });
});
