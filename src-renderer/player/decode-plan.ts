import type { FrameIndex } from './frame-index.ts';
import { keyPacketForFrame } from './frame-index.ts';

/** Where a decoder stands. */
export interface DecoderPosition {
  /** decode position of the next packet in sequence; null when the decoder must start at a key packet */
  nextPacket: number | null;
  /** frames fed whose picture has not come out yet */
  inFlight: ReadonlySet<number>;
}

export type DecodePlan =
  /** the picture is on its way: feed on to push it out, or flush at the end */
  | { kind: 'continue'; nextPacket: number }
  /** drop what the decoder holds and start again at a key packet */
  | { kind: 'restart'; nextPacket: number }
  | { kind: 'impossible' };

/**
 * How to get one frame out of a decoder: carry on when it lies ahead in the group being decoded, start at its key
 * packet otherwise. Decoding on across a key packet is preferred when no restart would be nearer.
 */
export function planDecode(index: FrameIndex, frame: number, position: DecoderPosition): DecodePlan {
  const packet = index.packetOfFrame[frame];
  const key = keyPacketForFrame(index, frame);
  if (packet === undefined || key < 0) return { kind: 'impossible' };
  const next = position.nextPacket;
  if (next === null) return { kind: 'restart', nextPacket: key };
  if (position.inFlight.has(frame)) return { kind: 'continue', nextPacket: next };
  if (next <= packet && next >= key) return { kind: 'continue', nextPacket: next };
  return { kind: 'restart', nextPacket: key };
}
