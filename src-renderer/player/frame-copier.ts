/**
 * The worker that copies decoded frames into bitmaps, shared by all panes of a session. Owns the worker; where one
 * cannot be started, every copy is refused and frames are drawn as they are.
 */
import type { CopyAnswer, CopyRequest } from './copy-worker.ts';

export class FrameCopier {
  #worker: Worker | null | undefined;
  #waiting = new Map<number, (bitmap: ImageBitmap | null) => void>();
  #lastId = 0;
  #isDisposed = false;

  /** A bitmap of a frame at a size, which the caller closes; null when it cannot be made. The frame stays open. */
  copy(frame: VideoFrame, width: number, height: number): Promise<ImageBitmap | null> {
    const worker = this.#start();
    if (!worker) return Promise.resolve(null);
    const id = ++this.#lastId;
    const request: CopyRequest = { id, frame: frame.clone(), width, height };
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      worker.postMessage(request, [request.frame]);
    });
  }

  /** Lets the worker go once it has closed the frames it was given: ended at once, it would leave them to the collector. */
  dispose(): void {
    this.#isDisposed = true;
    if (this.#waiting.size === 0) this.#end();
  }

  #start(): Worker | null {
    if (this.#isDisposed) return null;
    if (this.#worker !== undefined) return this.#worker;
    try {
      const worker = new Worker(new URL('./copy-worker.ts', import.meta.url), { type: 'module' });
      worker.onmessage = ({ data }: MessageEvent<CopyAnswer>) => this.#onAnswer(data);
      worker.onerror = () => this.#end();
      this.#worker = worker;
    } catch {
      this.#worker = null;
    }
    return this.#worker;
  }

  #onAnswer({ id, bitmap }: CopyAnswer): void {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (resolve) resolve(bitmap);
    else bitmap?.close();
    if (this.#isDisposed && this.#waiting.size === 0) this.#end();
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const resolve of this.#waiting.values()) resolve(null);
    this.#waiting.clear();
  }
}
