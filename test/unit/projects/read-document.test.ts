import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src-main/projects/read-document.ts';
import { planFileSchema } from '../../../src-shared/domain/plan.ts';
import { makePlan } from '../../fixtures/make-project.ts';

const read = (text: string) => parseDocument(text, 'plans/ep_001_plan.json', planFileSchema);
const pretty = (value: unknown) => JSON.stringify(value, null, 2);

describe('a document that is wrong', () => {
  it('is shown at the line of a syntax error', () => {
    const text = pretty(makePlan(2)).replace('"title": "One",', '"title": "One"');
    const line = text.split('\n').findIndex((row) => row.includes('"title"')) + 1;
    expect(read(text)).toMatchObject({
      kind: 'bad',
      faults: [
        {
          where: expect.stringMatching(`^line (${line}|${line + 1})$`),
          message: expect.stringContaining('not valid JSON'),
        },
      ],
    });
  });

  it('is shown at the line and name of the field', () => {
    const plan = makePlan(3);
    const text = pretty(plan).replace('"duration": 2', '"duration": -2');
    const line = text.split('\n').findIndex((row) => row.includes('"duration": -2')) + 1;
    expect(read(text)).toMatchObject({
      faults: [{ where: `line ${line}, shots[0].routing_data.duration`, hint: expect.stringContaining('last good') }],
    });
  });

  it('names a shot that is listed twice and a field that is not known', () => {
    const plan = makePlan(2);
    const twice = { ...plan, shots: [plan.shots[0], plan.shots[0]] };
    expect(read(pretty(twice))).toMatchObject({
      faults: [{ message: expect.stringContaining('EP001_SH001 is listed twice') }],
    });
    expect(read(pretty({ ...plan, shtos: [] }))).toMatchObject({
      faults: [{ message: expect.stringContaining('shtos') }],
    });
  });

  it('may begin with a byte order mark and still be right', () => {
    expect(read(`\uFEFF${pretty(makePlan(1))}`).kind).toBe('good');
  });

  it('never throws, whatever is in it', () => {
    const good = pretty(makePlan(1));
    const cut = fc.nat({ max: good.length }).map((at) => good.slice(0, at));
    const strange = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), cut, fc.constant('{"__proto__": {"shots": 1}}'));
    fc.assert(
      fc.property(strange, (text) => {
        const result = read(text);
        if (result.kind === 'good') return;
        expect(result.faults.length).toBeGreaterThan(0);
        for (const fault of result.faults) expect(fault.file).toBe('plans/ep_001_plan.json');
      }),
      { numRuns: 500 },
    );
    expect(Object.prototype).not.toHaveProperty('shots');
  });
});
