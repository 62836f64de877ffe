/**
 * The open files of one pane: the original, its proxy, and its sound. Owns them all; closing aborts what is still
 * opening. A proxy whose frames are not the original's one for one is thrown away: it would paint wrong numbers.
 */
import type { Input } from 'mediabunny';
import type { FrameCopier } from './frame-copier.ts';
import type { FrameReader } from './frame-reader.ts';
import type { OpeningContext } from './open-readers.ts';
import { openOriginal, openProxy } from './open-readers.ts';
import type { PaneSource } from './player-types.ts';
import type { SoundFinding } from './sound-track.ts';
import { findSound, openForSound } from './sound-track.ts';

export interface PaneReadersEvents {
  onOpened(): void;
  onFailed(failure: { kind: 'proxy-needed' } | { kind: 'unreadable'; reason: string }): void;
  onSound(): void;
  onPicture(role: 'original' | 'proxy', frame: number): void;
  onBroken(frame: number): void;
}

/** how much of a pane's memory its proxy may take when it does not fit as a whole */
const proxyShare = 0.5;
/** how long the original waits for the proxy's first picture, which nobody may be asking for */
const firstPictureMs = 200;

export class PaneReaders {
  original: FrameReader | null = null;
  proxy: FrameReader | null = null;
  sound: SoundFinding = { kind: 'none' };
  /** resolves once everything that can be opened is open */
  readonly opened: Promise<void>;
  #events: PaneReadersEvents;
  #budgetBytes: number;
  #copier: FrameCopier;
  #onFirstPicture: () => void = () => undefined;
  #abort = new AbortController();
  #soundInput: Input | null = null;

  constructor(source: PaneSource, setup: { budgetBytes: number; copier: FrameCopier; events: PaneReadersEvents }) {
    this.#events = setup.events;
    this.#budgetBytes = setup.budgetBytes;
    this.#copier = setup.copier;
    this.opened = this.#open(source);
  }

  /** the reader whose frames count */
  get main(): FrameReader | null {
    return this.original ?? this.proxy;
  }

  set budgetBytes(bytes: number) {
    this.#budgetBytes = bytes;
    this.#shareBudget();
  }

  /** Takes a proxy that was made after the original had been opened. */
  async addProxy(source: PaneSource): Promise<void> {
    if (this.proxy) return;
    const { signal } = this.#abort;
    const proxy = await openProxy(source, this.#context('proxy'));
    if (!proxy) return;
    if (signal.aborted || !this.#matchesOriginal(proxy)) {
      proxy.dispose();
      return;
    }
    this.proxy = proxy;
    this.#shareBudget();
    this.#events.onOpened();
  }

  /** Says how wide the whole picture is looked at, in pixels: frames need not be cached larger. */
  set lookedAtWidth(width: number) {
    for (const reader of [this.original, this.proxy]) if (reader) reader.detail = width / reader.width;
    this.#shareBudget();
  }

  isBroken(frame: number): boolean {
    return (this.original?.isBroken(frame) ?? true) && (this.proxy?.isBroken(frame) ?? true);
  }

  /** Keeps the frame on the canvas cached where it came from, and nowhere else. */
  pin(painted: FrameReader, frame: number): void {
    for (const reader of [this.original, this.proxy]) reader?.pin(reader === painted ? frame : null);
  }

  dispose(): void {
    this.#abort.abort();
    this.original?.dispose();
    this.proxy?.dispose();
    this.#soundInput?.dispose();
    this.original = null;
    this.proxy = null;
    this.sound = { kind: 'none' };
  }

  async #open(source: PaneSource): Promise<void> {
    const { signal } = this.#abort;
    // The proxy first, alone: its exact frame is on screen before the original has been read.
    await this.addProxy(source).catch(() => undefined);
    if (this.proxy) await this.#firstPicture(firstPictureMs);
    if (signal.aborted) return;
    const failure = await this.#openOriginal(source).catch((error: unknown) => reasonOf(error));
    if (signal.aborted || this.original) return;
    if (this.proxy) await this.#findSoundApart(source, signal);
    else if (failure !== null) this.#events.onFailed({ kind: 'unreadable', reason: failure });
    else this.#events.onFailed({ kind: 'proxy-needed' });
  }

  #firstPicture(mostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, mostMs);
      this.#onFirstPicture = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Null when it opened, or when only a proxy can show it. */
  async #openOriginal(source: PaneSource): Promise<null> {
    const { signal } = this.#abort;
    const opened = await openOriginal(source, this.#context('original'));
    if (!opened) return null;
    if (signal.aborted) {
      opened.reader.dispose();
      return null;
    }
    this.original = opened.reader;
    if (this.proxy && !this.#matchesOriginal(this.proxy)) {
      this.proxy.dispose();
      this.proxy = null;
    }
    this.#shareBudget();
    this.#events.onOpened();
    if (opened.file) await this.#takeSound(opened.file.input, opened.file.firstTimestamp);
    return null;
  }

  async #findSoundApart(source: PaneSource, signal: AbortSignal): Promise<void> {
    const input = openForSound(source.url);
    this.#soundInput = input;
    const video = await input.getPrimaryVideoTrack().catch(() => null);
    if (signal.aborted) input.dispose();
    else await this.#takeSound(input, Math.max(0, (await video?.getFirstTimestamp()) ?? 0));
  }

  async #takeSound(input: Input, firstTimestamp: number): Promise<void> {
    try {
      const sound = await findSound(input, firstTimestamp);
      if (this.#abort.signal.aborted) return;
      this.sound = sound;
      this.#events.onSound();
    } catch {
      // A container this reader does not know (MXF) has a picture by its proxy and simply no sound.
    }
  }

  #matchesOriginal(proxy: FrameReader): boolean {
    return this.original === null || this.original.timeline.frameCount === proxy.timeline.frameCount;
  }

  #context(role: 'original' | 'proxy'): OpeningContext {
    const { signal } = this.#abort;
    const events = {
      onPicture: (frame: number) => {
        if (!signal.aborted) this.#events.onPicture(role, frame);
        this.#onFirstPicture();
      },
      onBroken: (frame: number) => {
        if (!signal.aborted) this.#events.onBroken(frame);
      },
    };
    return { events, copier: this.#copier, signal };
  }

  #shareBudget(): void {
    const { original, proxy } = this;
    const total = this.#budgetBytes;
    if (proxy && original) {
      const whole = proxy.frameBytes * (proxy.timeline.frameCount + 2);
      proxy.budgetBytes = Math.min(whole, total * proxyShare);
      original.budgetBytes = total - proxy.budgetBytes;
    } else {
      const only = original ?? proxy;
      if (only) only.budgetBytes = total;
    }
  }
}

function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : '';
  return said.startsWith('The ') ? said : 'This file could not be opened. It may be damaged or incomplete.';
}
