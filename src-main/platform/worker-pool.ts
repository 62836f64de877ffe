// A small pool of worker threads for one worker module. Workers start on first use, stay for the next task and do not
// keep the process alive while idle. A worker answers each task with one message and describes its own failures in it
// (an Error loses its code between threads). An abort ends the worker at work: its memory and open files go with it.
import { Worker } from 'node:worker_threads';
import { abortErrorOf } from './process-runner.ts';
import { createSemaphore } from './semaphore.ts';

export interface WorkerPool<Task, Result> {
  run(task: Task, signal?: AbortSignal): Promise<Result>;
  dispose(): Promise<void>;
}

export interface WorkerPoolOptions {
  /** the module beside its owner: `workerUrl('./hash-worker', import.meta.url)` */
  url: URL;
  size: number;
}

/** Finds a worker module beside its owner: `.ts` in the sources, `.js` in the build. */
export function workerUrl(relativePath: string, ownerUrl: string): URL {
  const extension = new URL(ownerUrl).pathname.endsWith('.ts') ? '.ts' : '.js';
  return new URL(relativePath + extension, ownerUrl);
}

export function createWorkerPool<Task, Result>(options: WorkerPoolOptions): WorkerPool<Task, Result> {
  const semaphore = createSemaphore(options.size);
  const idle: Worker[] = [];
  const all = new Set<Worker>();

  const startWorker = (): Worker => {
    const worker = new Worker(options.url);
    all.add(worker);
    // a worker that dies while idle is replaced by the next task; without a listener its error would end the app
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      all.delete(worker);
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    });
    return worker;
  };
  const takeWorker = (): Worker => {
    const worker = idle.pop() ?? startWorker();
    worker.ref();
    return worker;
  };
  const giveBack = (worker: Worker) => {
    worker.unref();
    idle.push(worker);
  };
  const discard = (worker: Worker) => {
    all.delete(worker);
    void worker.terminate();
  };

  return {
    run: (task, signal) =>
      semaphore.run(async () => {
        const worker = takeWorker();
        try {
          const result = await ask<Task, Result>(worker, task, signal);
          giveBack(worker);
          return result;
        } catch (error) {
          discard(worker);
          throw error;
        }
      }, signal),
    async dispose() {
      await Promise.all([...all].map((worker) => worker.terminate()));
      all.clear();
      idle.length = 0;
    },
  };
}

/** Posts one task and waits for the one message that answers it. */
function ask<Task, Result>(worker: Worker, task: Task, signal: AbortSignal | undefined): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => settle(() => reject(abortErrorOf(signal)));
    const answer = (result: Result) => settle(() => resolve(result));
    const crash = (error: unknown) => settle(() => reject(error));
    const exit = (code: number) => crash(new Error(`the worker ended with code ${code} before it answered`));
    const settle = (finish: () => void) => {
      signal?.removeEventListener('abort', stop);
      worker.off('message', answer).off('error', crash).off('exit', exit);
      finish();
    };
    signal?.addEventListener('abort', stop, { once: true });
    worker.on('message', answer).on('error', crash).on('exit', exit);
    worker.postMessage(task);
  });
}
