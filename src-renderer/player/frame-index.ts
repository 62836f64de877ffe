/**
 * The numbers of a clip's frames. A frame's number is its rank by presentation time among the frames that are
 * shown, never time × rate: rates vary, edit lists start before zero, B-frames are stored out of order.
 */

/** What a container says of one packet, in decode order. Times in seconds. */
export interface PacketFacts {
  timestamp: number;
  duration: number;
  isKey: boolean;
  /** false for packets that carry no picture of their own (VP8 alternate references) */
  isShown: boolean;
}

export interface FrameIndex {
  readonly packetCount: number;
  readonly frameCount: number;
  /** decode position of a frame's packet */
  readonly packetOfFrame: Int32Array;
  /** frame of a packet; below 0 or `hiddenPacket` when it is decoded but never shown */
  readonly frameOfPacket: Int32Array;
  /** presentation rank of every packet, pre-roll included: what the decoder's outputs are ordered by */
  readonly rankOfPacket: Int32Array;
  readonly packetOfRank: Int32Array;
  /** 1 where a packet is a key packet */
  readonly isKeyPacket: Uint8Array;
  /** decode positions of the key packets, ascending */
  readonly keyPackets: Int32Array;
  /** start of each frame in seconds, from the first shown frame */
  readonly startSeconds: Float64Array;
  readonly durationSeconds: number;
}

export const hiddenPacket = -1;

/** Numbers the frames of a clip from its packets in decode order. */
export function buildFrameIndex(packets: readonly PacketFacts[]): FrameIndex {
  const order = packets.map((_, position) => position);
  order.sort((a, b) => timestampOf(packets, a) - timestampOf(packets, b) || a - b);
  const rankOfPacket = new Int32Array(packets.length);
  const frameOfPacket = new Int32Array(packets.length).fill(hiddenPacket);
  const shown: number[] = [];
  order.forEach((position, rank) => {
    rankOfPacket[position] = rank;
    if (!isPresented(packets[position])) return;
    frameOfPacket[position] = shown.length;
    shown.push(position);
  });
  const firstStart = timestampOf(packets, shown[0] ?? 0);
  const startSeconds = Float64Array.from(shown, (position) => timestampOf(packets, position) - firstStart);
  return {
    packetCount: packets.length,
    frameCount: shown.length,
    packetOfFrame: Int32Array.from(shown),
    frameOfPacket,
    rankOfPacket,
    packetOfRank: Int32Array.from(order),
    isKeyPacket: Uint8Array.from(packets, (packet) => (packet.isKey ? 1 : 0)),
    keyPackets: Int32Array.from(packets.flatMap((packet, position) => (packet.isKey ? [position] : []))),
    startSeconds,
    durationSeconds: endOf(packets, shown, startSeconds),
  };
}

/**
 * The key packet decoding must start from to show a frame. A key packet that is presented after the frame (open
 * GOP) does not help: the frame then refers to the group before it. -1 when the clip has none.
 */
export function keyPacketForFrame(index: FrameIndex, frame: number): number {
  const packet = index.packetOfFrame[frame] ?? -1;
  const rank = index.rankOfPacket[packet] ?? -1;
  let low = 0;
  let high = index.keyPackets.length - 1;
  let found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const key = index.keyPackets[middle] ?? 0;
    if (key <= packet) {
      found = middle;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  while (found > 0 && (index.rankOfPacket[index.keyPackets[found] ?? 0] ?? 0) > rank) found -= 1;
  return found < 0 ? -1 : (index.keyPackets[found] ?? -1);
}

function isPresented(packet: PacketFacts | undefined): boolean {
  // An edit list gives pre-roll a negative time. It is decoded, not shown; ffmpeg counts frames the same way.
  return packet?.isShown === true && packet.timestamp > -1e-6;
}

function timestampOf(packets: readonly PacketFacts[], position: number): number {
  return packets[position]?.timestamp ?? 0;
}

function endOf(packets: readonly PacketFacts[], shown: readonly number[], startSeconds: Float64Array): number {
  const last = shown.at(-1);
  if (last === undefined) return 0;
  const start = startSeconds[shown.length - 1] ?? 0;
  const average = shown.length > 1 ? start / (shown.length - 1) : 0;
  return start + (packets[last]?.duration || average);
}
