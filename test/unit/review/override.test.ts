import { describe, expect, it } from 'vitest';
import type { TakeGate } from '../../../src-main/orchestrator/ports/gate.ts';
import { AppError } from '../../../src-main/platform/app-error.ts';
import { makeWorld, type ProductionWorld, scriptedGate, shotIdOf } from '../../fakes/production-world.ts';
import { reviewDesk } from '../../fakes/review-desk.ts';

const outputs = ({ disk }: ProductionWorld) =>
  [...disk.contents.keys()].filter((path) => path.startsWith('/p/output/'));

describe('a director’s own file that is refused', () => {
  it('leaves no file behind when its bytes are a take already', async () => {
    const world = makeWorld();
    const director = reviewDesk(world);
    await director.override(1);
    const before = outputs(world);
    await expect(director.override(1)).rejects.toMatchObject({ code: 'take.protected' });
    expect(outputs(world)).toEqual(before);
  });

  it('can be tried again when it could not be measured', async () => {
    let times = 1;
    const measured = scriptedGate('gate_1', ['pass']);
    const gate: TakeGate = {
      name: 'gate_1',
      measure(input, signal) {
        if (times-- > 0) throw new AppError({ code: 'disk.full', message: 'The disk is full.' });
        return measured.measure(input, signal);
      },
    };
    const world = makeWorld({ gates: [gate] });
    const director = reviewDesk(world);
    await expect(director.override(1)).rejects.toMatchObject({ code: 'disk.full' });
    expect(world.store.takesOf(shotIdOf(1))).toEqual([]);
    expect(outputs(world)).toEqual([]);
    await director.override(1);
    expect(world.state(1)).toBe('stabilized');
  });
});
