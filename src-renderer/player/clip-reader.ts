/**
 * Decodes one clip with its own VideoDecoder loop into a bounded cache. Owns the file, the decoder and the pictures.
 * Chunks carry the presentation rank instead of a time, so an output names its frame without rounding. A decoder
 * that fails is replaced by a software one; frames that still fail are reported broken and passed over.
 */
import type { DecodePlan } from './decode-plan.ts';
import { planDecode } from './decode-plan.ts';
import { FrameCache, rangesOf } from './frame-cache.ts';
import { hiddenPacket, isAllIntra } from './frame-index.ts';
import type { FrameReader, FrameReaderEvents } from './frame-reader.ts';
import type { MediaFile } from './media-file.ts';
import type { FrameRange, Picture } from './player-types.ts';
import type { Timeline } from './timeline.ts';

const queueLimit = 4;
const rankSpacing = 1000;
/** packets fed past a frame before its decoder is asked to flush */
const mostPushes = 40;

export class ClipReader implements FrameReader {
  readonly origin: 'original' | 'proxy';
  readonly timeline: Timeline;
  readonly width: number;
  readonly height: number;
  readonly rotation: number;
  #file: MediaFile;
  #events: FrameReaderEvents;
  #cache: FrameCache;
  #config: VideoDecoderConfig;
  #decoder: VideoDecoder | null = null;
  #nextPacket: number | null = null;
  #inFlight = new Set<number>();
  #broken = new Set<number>();
  #wanted: readonly number[] = [];
  #motion: 'rest' | 'scrub' | 'play' = 'rest';
  #pumping = false;
  #pushes = 0;
  #disposed = false;
  #wake: (() => void) | null = null;
  #frameBytes: number;
  readonly #allIntra: boolean;

  constructor(file: MediaFile, config: VideoDecoderConfig, origin: 'original' | 'proxy', events: FrameReaderEvents) {
    this.#file = file;
    this.#config = config;
    this.origin = origin;
    this.#events = events;
    this.timeline = file.timeline;
    this.width = file.width;
    this.height = file.height;
    this.rotation = file.rotation;
    this.#frameBytes = Math.ceil(file.width * file.height * 1.5);
    this.#cache = new FrameCache(Number.MAX_SAFE_INTEGER);
    this.#allIntra = isAllIntra(file.index);
  }

  get frameBytes(): number {
    return this.#frameBytes;
  }

  get cacheVersion(): number {
    return this.#cache.version;
  }

  get budgetBytes(): number {
    return this.#cache.budgetBytes;
  }

  set budgetBytes(bytes: number) {
    this.#cache.budgetBytes = bytes;
  }

  want(frames: readonly number[], motion: 'rest' | 'scrub' | 'play'): void {
    this.#wanted = frames;
    this.#motion = motion;
    this.#cache.want(frames);
    this.#wake?.();
    void this.#pump();
  }

  picture(frame: number): Picture | null {
    return this.#cache.get(frame);
  }

  isBroken(frame: number): boolean {
    return this.#broken.has(frame);
  }

  pin(frame: number | null): void {
    this.#cache.pinned = frame;
  }

  cachedRanges(): FrameRange[] {
    return rangesOf(this.#cache.frames());
  }

  dispose(): void {
    this.#disposed = true;
    this.#wanted = [];
    this.#closeDecoder();
    this.#cache.clear();
    this.#file.dispose();
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (;;) {
        const target = this.#disposed ? undefined : this.#nextTarget();
        if (target === undefined) break;
        await this.#decodeTowards(target);
      }
    } finally {
      this.#pumping = false;
    }
  }

  #nextTarget(): number | undefined {
    return this.#wanted.find((frame) => !this.#cache.has(frame) && !this.#broken.has(frame));
  }

  async #decodeTowards(target: number): Promise<void> {
    const plan = planDecode(this.#file.index, target, { nextPacket: this.#nextPacket, inFlight: this.#inFlight });
    if (plan.kind === 'impossible') {
      this.#markBroken([target]);
      return;
    }
    if (plan.kind === 'restart') this.#restart(plan.nextPacket);
    const decoder = this.#decoder;
    if (!decoder) return;
    if (this.#mustFlush(target, plan)) {
      await this.#flush(decoder);
      return;
    }
    if (decoder.decodeQueueSize >= queueLimit) {
      await this.#nextDequeue(decoder);
      return;
    }
    await this.#feed(decoder, plan.nextPacket, target);
  }

  /** A decoder holds pictures back until later packets push them out; at rest on all-intra a flush is the quickest push. */
  #mustFlush(target: number, plan: DecodePlan): boolean {
    if (!this.#inFlight.has(target)) return false;
    if (plan.kind === 'continue' && plan.nextPacket >= this.#file.index.packetCount) return true;
    if (this.#allIntra && this.#motion !== 'play' && target === this.#wanted[0]) return true;
    return this.#pushes > mostPushes;
  }

  async #feed(decoder: VideoDecoder, position: number, target: number): Promise<void> {
    let packet: Awaited<ReturnType<MediaFile['readPacket']>>;
    try {
      packet = await this.#file.readPacket(position);
    } catch {
      if (!this.#disposed) this.#passOver(position, target);
      return;
    }
    // The wish may have moved on while the bytes came in; the plan is made anew then.
    if (this.#disposed || decoder !== this.#decoder || this.#nextPacket !== position) return;
    if (!this.#leadsTo(position)) return;
    const frame = this.#file.index.frameOfPacket[position] ?? hiddenPacket;
    const rank = this.#file.index.rankOfPacket[position] ?? 0;
    this.#pushes = this.#inFlight.has(target) ? this.#pushes + 1 : 0;
    this.#nextPacket = position + 1;
    if (frame !== hiddenPacket) this.#inFlight.add(frame);
    const type = this.#file.index.isKeyPacket[position] === 1 ? 'key' : 'delta';
    try {
      decoder.decode(new EncodedVideoChunk({ type, timestamp: rank * rankSpacing, data: packet.data }));
    } catch (error) {
      this.#onDecoderError(decoder, error);
    }
  }

  /** False when a newer wish would rather restart elsewhere than feed this packet. */
  #leadsTo(position: number): boolean {
    const target = this.#nextTarget();
    if (target === undefined) return false;
    const plan = planDecode(this.#file.index, target, { nextPacket: position, inFlight: this.#inFlight });
    return plan.kind === 'continue';
  }

  async #flush(decoder: VideoDecoder): Promise<void> {
    // A flushed decoder takes a key packet next.
    this.#nextPacket = null;
    this.#pushes = 0;
    try {
      await decoder.flush();
    } catch {
      // Reset or failed meanwhile: whoever did that has already set the state.
      return;
    }
    if (decoder !== this.#decoder || this.#nextPacket !== null) return;
    const missing = [...this.#inFlight];
    this.#inFlight.clear();
    if (missing.length > 0) this.#onMissing(missing);
  }

  #nextDequeue(decoder: VideoDecoder): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        decoder.removeEventListener('dequeue', done);
        this.#wake = null;
        resolve();
      };
      this.#wake = done;
      decoder.addEventListener('dequeue', done);
    });
  }

  #restart(position: number): void {
    // A decoder that holds nothing takes a key packet as it is; setting it up anew costs more than a proxy frame.
    const isEmpty = this.#decoder?.state === 'configured' && this.#inFlight.size === 0;
    if (!isEmpty) {
      if (this.#decoder && this.#decoder.state !== 'closed') this.#decoder.reset();
      else this.#decoder = this.#createDecoder();
      this.#decoder.configure(this.#config);
      this.#inFlight.clear();
    }
    this.#pushes = 0;
    this.#nextPacket = position;
  }

  #createDecoder(): VideoDecoder {
    const decoder: VideoDecoder = new VideoDecoder({
      output: (picture) => this.#onOutput(decoder, picture),
      error: (error) => this.#onDecoderError(decoder, error),
    });
    return decoder;
  }

  #onOutput(decoder: VideoDecoder, picture: VideoFrame): void {
    const rank = Math.round(picture.timestamp / rankSpacing);
    const packet = this.#file.index.packetOfRank[rank] ?? -1;
    const frame = this.#file.index.frameOfPacket[packet] ?? hiddenPacket;
    if (decoder !== this.#decoder || frame === hiddenPacket) {
      picture.close();
      return;
    }
    this.#inFlight.delete(frame);
    const missing = [...this.#inFlight].filter((other) => other < frame);
    if (missing.length > 0) {
      for (const other of missing) this.#inFlight.delete(other);
      this.#onMissing(missing);
    }
    if (!this.#cache.isWanted(frame)) {
      picture.close();
      return;
    }
    this.#cache.put(frame, picture);
    this.#broken.delete(frame);
    this.#events.onPicture(frame);
  }

  /** Pictures came out past frames that never will: hardware decoders lose B-frames of some streams, so try software. */
  #onMissing(frames: readonly number[]): void {
    if (this.#config.hardwareAcceleration !== 'prefer-software') this.#fallBackToSoftware();
    else this.#markBroken(frames);
  }

  #onDecoderError(decoder: VideoDecoder, _error: unknown): void {
    if (decoder !== this.#decoder || this.#disposed) return;
    const lost = [...this.#inFlight];
    const target = this.#nextTarget();
    this.#closeDecoder();
    if (this.#config.hardwareAcceleration !== 'prefer-software') this.#fallBackToSoftware();
    else this.#markBroken(lost.length > 0 || target === undefined ? lost : [target]);
    void this.#pump();
  }

  #fallBackToSoftware(): void {
    this.#closeDecoder();
    this.#config = { ...this.#config, hardwareAcceleration: 'prefer-software' };
  }

  /** Bytes that cannot be read: every frame between here and the target is lost with them. */
  #passOver(position: number, target: number): void {
    const packet = this.#file.index.packetOfFrame[target] ?? position;
    const lost = new Set([target]);
    for (let other = position; other <= packet; other += 1) {
      const frame = this.#file.index.frameOfPacket[other] ?? hiddenPacket;
      if (frame !== hiddenPacket) lost.add(frame);
    }
    this.#closeDecoder();
    this.#markBroken([...lost]);
  }

  #markBroken(frames: readonly number[]): void {
    for (const frame of frames) {
      if (this.#cache.has(frame)) continue;
      this.#broken.add(frame);
      this.#events.onBroken(frame);
    }
  }

  #closeDecoder(): void {
    if (this.#decoder && this.#decoder.state !== 'closed') this.#decoder.close();
    this.#decoder = null;
    this.#nextPacket = null;
    this.#inFlight.clear();
    this.#pushes = 0;
    this.#wake?.();
  }
}
