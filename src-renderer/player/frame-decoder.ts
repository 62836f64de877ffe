/**
 * A VideoDecoder that speaks frame numbers. Chunks carry the presentation rank instead of a time, so an output names
 * its frame without rounding. Pictures come out in presentation order: a frame passed over is lost. What a hardware
 * decoder loses is tried once more in software before it is reported.
 */
import type { DecoderPosition } from './decode-plan.ts';
import type { FrameIndex } from './frame-index.ts';
import { hiddenPacket } from './frame-index.ts';

export interface FrameDecoderEvents {
  /** the picture is the receiver's to close */
  onFrame(frame: number, picture: VideoFrame): void;
  /** these frames were fed and will never come out */
  onLost(frames: readonly number[]): void;
  /** the decoder has failed and starts afresh at the next key packet */
  onReset(): void;
}

/** Ranks are spread out so that no decoder takes them for one moment. */
const rankSpacing = 1000;

export class FrameDecoder {
  #index: FrameIndex;
  #config: VideoDecoderConfig;
  #events: FrameDecoderEvents;
  #decoder: VideoDecoder | null = null;
  #nextPacket: number | null = null;
  #inFlight = new Set<number>();

  constructor(index: FrameIndex, config: VideoDecoderConfig, events: FrameDecoderEvents) {
    this.#index = index;
    this.#config = config;
    this.#events = events;
  }

  get position(): DecoderPosition {
    return { nextPacket: this.#nextPacket, inFlight: this.#inFlight };
  }

  get queueSize(): number {
    return this.#decoder?.decodeQueueSize ?? 0;
  }

  /** Drops what the decoder holds; the next packet must be this key packet. */
  restart(packet: number): void {
    // A decoder that holds nothing takes a key packet as it is; setting it up anew costs more than a proxy frame.
    if (this.#decoder?.state !== 'configured' || this.#inFlight.size > 0) {
      if (this.#decoder && this.#decoder.state !== 'closed') this.#decoder.reset();
      else this.#decoder = this.#create();
      this.#decoder.configure(this.#config);
      this.#inFlight.clear();
    }
    this.#nextPacket = packet;
  }

  /** Takes the next packet in sequence. */
  feed(packet: number, data: Uint8Array): void {
    const decoder = this.#decoder;
    if (!decoder || this.#nextPacket !== packet) return;
    const frame = this.#index.frameOfPacket[packet] ?? hiddenPacket;
    const rank = this.#index.rankOfPacket[packet] ?? 0;
    const type = this.#index.isKeyPacket[packet] === 1 ? 'key' : 'delta';
    this.#nextPacket = packet + 1;
    if (frame !== hiddenPacket) this.#inFlight.add(frame);
    try {
      decoder.decode(new EncodedVideoChunk({ type, timestamp: rank * rankSpacing, data }));
    } catch {
      this.#fail(decoder);
    }
  }

  /** Pushes out what the decoder holds back; it takes a key packet next. */
  async flush(): Promise<void> {
    const decoder = this.#decoder;
    this.#nextPacket = null;
    try {
      await decoder?.flush();
    } catch {
      // Reset or failed meanwhile: whoever did that has already set the state.
      return;
    }
    if (decoder === this.#decoder && this.#nextPacket === null) this.#lose([...this.#inFlight]);
  }

  onDequeue(listener: () => void): () => void {
    const decoder = this.#decoder;
    decoder?.addEventListener('dequeue', listener);
    return () => decoder?.removeEventListener('dequeue', listener);
  }

  close(): void {
    if (this.#decoder && this.#decoder.state !== 'closed') this.#decoder.close();
    this.#decoder = null;
    this.#nextPacket = null;
    this.#inFlight.clear();
  }

  #create(): VideoDecoder {
    const decoder: VideoDecoder = new VideoDecoder({
      output: (picture) => this.#onOutput(decoder, picture),
      error: () => this.#fail(decoder),
    });
    return decoder;
  }

  #onOutput(decoder: VideoDecoder, picture: VideoFrame): void {
    const packet = this.#index.packetOfRank[Math.round(picture.timestamp / rankSpacing)] ?? -1;
    const frame = this.#index.frameOfPacket[packet] ?? hiddenPacket;
    if (decoder !== this.#decoder || frame === hiddenPacket) {
      picture.close();
      return;
    }
    this.#inFlight.delete(frame);
    const passed = [...this.#inFlight].filter((other) => other < frame);
    this.#events.onFrame(frame, picture);
    this.#lose(passed);
  }

  #lose(frames: readonly number[]): void {
    if (frames.length === 0) return;
    for (const frame of frames) this.#inFlight.delete(frame);
    if (this.#canFallBack()) this.#fallBack();
    else this.#events.onLost(frames);
  }

  #fail(decoder: VideoDecoder): void {
    if (decoder !== this.#decoder) return;
    if (this.#canFallBack()) this.#fallBack();
    else {
      const lost = this.#restOfGroup();
      this.close();
      this.#events.onLost(lost);
      this.#events.onReset();
    }
  }

  /** Every frame a decoder that died can no longer reach: from the oldest packet it holds to the next key packet. */
  #restOfGroup(): number[] {
    const held = [...this.#inFlight].map((frame) => this.#index.packetOfFrame[frame] ?? 0);
    const first = Math.min(...held, (this.#nextPacket ?? 1) - 1);
    const lost = new Set(this.#inFlight);
    for (let packet = first; packet < this.#index.packetCount; packet += 1) {
      if (packet > first && this.#index.isKeyPacket[packet] === 1) break;
      const frame = this.#index.frameOfPacket[packet] ?? hiddenPacket;
      if (frame !== hiddenPacket) lost.add(frame);
    }
    return [...lost];
  }

  #canFallBack(): boolean {
    return this.#config.hardwareAcceleration !== 'prefer-software';
  }

  #fallBack(): void {
    this.close();
    this.#config = { ...this.#config, hardwareAcceleration: 'prefer-software' };
    this.#events.onReset();
  }
}
