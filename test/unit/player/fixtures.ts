import type { FrameIndex, PacketFacts } from '../../../src-renderer/player/frame-index.ts';
import { buildFrameIndex } from '../../../src-renderer/player/frame-index.ts';

/** Packets in decode order, as an encoder with two B-frames writes them: I P B B P B B … */
export function packetsWithBFrames(frames: number, groupSize: number, frameSeconds = 1 / 24): PacketFacts[] {
  const packets: PacketFacts[] = [];
  for (let start = 0; start < frames; start += groupSize) {
    const end = Math.min(frames, start + groupSize);
    packets.push(packetAt(start, frameSeconds, true));
    for (let anchor = start + 1; anchor < end; anchor += 3) {
      const forward = Math.min(anchor + 2, end - 1);
      packets.push(packetAt(forward, frameSeconds, false));
      for (let between = anchor; between < forward; between += 1) packets.push(packetAt(between, frameSeconds, false));
    }
  }
  return packets;
}

/** The index of such a clip. */
export function indexWithBFrames(frames: number, groupSize: number): FrameIndex {
  return buildFrameIndex(packetsWithBFrames(frames, groupSize));
}

/** One shown packet. */
export function packetAt(frame: number, frameSeconds: number, isKey: boolean): PacketFacts {
  return { timestamp: frame * frameSeconds, duration: frameSeconds, isKey, isShown: true };
}
