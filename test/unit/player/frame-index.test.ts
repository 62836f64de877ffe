import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildFrameIndex, hiddenPacket, keyPacketForFrame } from '../../../src-renderer/player/frame-index.ts';
import { packetAt, packetsWithBFrames } from './fixtures.ts';

const frame = 1 / 24;

describe('the frame index', () => {
  it('numbers frames by presentation time, not by the order they are stored in', () => {
    const index = buildFrameIndex([packetAt(0, frame, true), packetAt(2, frame, false), packetAt(1, frame, false)]);
    expect([...index.packetOfFrame]).toEqual([0, 2, 1]);
    expect([...index.frameOfPacket]).toEqual([0, 2, 1]);
  });

  it('counts from the first shown frame when an edit list puts pre-roll before zero', () => {
    const preRoll = [-2, -1, 0, 1, 2].map((n) => packetAt(n, frame, n === -2));
    const index = buildFrameIndex(preRoll);
    expect(index.frameCount).toBe(3);
    expect([...index.frameOfPacket]).toEqual([hiddenPacket, hiddenPacket, 0, 1, 2]);
    expect(keyPacketForFrame(index, 0)).toBe(0);
    expect(index.startSeconds[1]).toBeCloseTo(frame);
  });

  it('counts from the first frame of a clip that starts late', () => {
    const index = buildFrameIndex([3, 4, 5].map((n) => packetAt(n, 0.5, n === 3)));
    expect([...index.startSeconds]).toEqual([0, 0.5, 1]);
    expect(index.durationSeconds).toBe(1.5);
  });

  it('gives no number to packets that show nothing', () => {
    const packets = [0, 1, 2].map((n) => ({ ...packetAt(n, frame, n === 0), isShown: n !== 1 }));
    expect(buildFrameIndex(packets).frameCount).toBe(2);
  });

  it('starts at the key packet before an open group when a frame is presented before that group', () => {
    // decode order: I0 P1 | I4 B2 B3: frames 2 and 3 refer back across the second key packet
    const index = buildFrameIndex([
      packetAt(0, frame, true),
      packetAt(1, frame, false),
      packetAt(4, frame, true),
      packetAt(2, frame, false),
      packetAt(3, frame, false),
    ]);
    expect(keyPacketForFrame(index, 3)).toBe(0);
    expect(keyPacketForFrame(index, 4)).toBe(2);
  });

  it('has no frames for a track without packets', () => {
    const index = buildFrameIndex([]);
    expect(index.frameCount).toBe(0);
    expect(keyPacketForFrame(index, 0)).toBe(-1);
  });

  it('maps every frame to its packet and back, in ascending time, from a key packet that is not after it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 60 }), (frames, group) => {
        const index = buildFrameIndex(packetsWithBFrames(frames, group));
        expect(index.frameCount).toBe(frames);
        for (let n = 0; n < frames; n += 1) {
          const packet = index.packetOfFrame[n] ?? -1;
          expect(index.frameOfPacket[packet]).toBe(n);
          expect(index.startSeconds[n]).toBeCloseTo(n / 24, 9);
          expect(keyPacketForFrame(index, n)).toBe(index.packetOfFrame[Math.floor(n / group) * group]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
