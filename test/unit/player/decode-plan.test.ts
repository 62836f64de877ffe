import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planDecode } from '../../../src-renderer/player/decode-plan.ts';
import { keyPacketForFrame } from '../../../src-renderer/player/frame-index.ts';
import { indexWithBFrames } from './fixtures.ts';

const index = indexWithBFrames(96, 48);
const nothing = new Set<number>();

describe('planning a decode', () => {
  it('starts at the key packet of the group when the decoder is fresh', () => {
    expect(planDecode(index, 60, { nextPacket: null, inFlight: nothing })).toEqual({ kind: 'restart', nextPacket: 48 });
  });

  it('carries on when the frame lies ahead in the group being decoded', () => {
    expect(planDecode(index, 60, { nextPacket: 50, inFlight: nothing })).toEqual({ kind: 'continue', nextPacket: 50 });
  });

  it('starts again when the frame has been passed', () => {
    expect(planDecode(index, 10, { nextPacket: 30, inFlight: nothing }).kind).toBe('restart');
  });

  it('skips to the next group rather than decode the rest of this one', () => {
    expect(planDecode(index, 90, { nextPacket: 5, inFlight: nothing })).toEqual({ kind: 'restart', nextPacket: 48 });
  });

  it('waits for a picture that is on its way instead of decoding it twice', () => {
    expect(planDecode(index, 10, { nextPacket: 30, inFlight: new Set([10]) })).toEqual({
      kind: 'continue',
      nextPacket: 30,
    });
  });

  it('refuses a frame the clip does not have', () => {
    expect(planDecode(index, 96, { nextPacket: null, inFlight: nothing }).kind).toBe('impossible');
  });

  it('always begins at or before the frame, at a packet a decoder can take', () => {
    fc.assert(
      fc.property(fc.nat(95), fc.option(fc.integer({ min: 0, max: 96 })), (frame, nextPacket) => {
        const plan = planDecode(index, frame, { nextPacket, inFlight: nothing });
        if (plan.kind === 'impossible') throw new Error('every frame of this clip can be decoded');
        expect(plan.nextPacket).toBeLessThanOrEqual(index.packetOfFrame[frame] ?? -1);
        if (plan.kind === 'restart') expect(plan.nextPacket).toBe(keyPacketForFrame(index, frame));
        else expect(plan.nextPacket).toBe(nextPacket);
      }),
    );
  });
});
