// Runs child processes: argument arrays only (never a shell), a time limit, at most N at a time, output kept within
// bounds. Each child leads a process group of its own that dies with the app; the registry ends what a crash leaves.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { type ChildRegistry, killGroup, openChildRegistry } from './child-registry.ts';
import { createSemaphore } from './semaphore.ts';

export interface ProcessRequest {
  command: string;
  args: readonly string[];
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  cwd?: string | undefined;
  /** gives way to whatever a person is waiting for; for work that nobody looks at yet */
  background?: boolean | undefined;
  /** written to the child's standard input, which is closed after it; without it the child has none */
  input?: Uint8Array | undefined;
  /** called for each chunk of standard output; without it the output is kept and returned */
  onStdout?: ((chunk: Buffer) => void) | undefined;
  /** bytes of standard output kept at most; the rest is dropped and `truncated` set. Default 16 MiB. */
  maxStdoutBytes?: number | undefined;
}

export interface ProcessResult {
  /** null when the child was ended by a signal */
  exitCode: number | null;
  stdout: Buffer;
  truncated: boolean;
  /** the last 64 KiB of standard error */
  stderr: string;
  timedOut: boolean;
  durationMs: number;
}

export interface ProcessRunner {
  /** Resolves however the child ends, also badly; rejects with AbortError on abort and with the system's error when it cannot start. */
  run(request: ProcessRequest): Promise<ProcessResult>;
  /** Ends the children that a crashed earlier run left behind; call once at start. */
  reapOrphans(): Promise<number[]>;
  /** Ends all children of this runner and starts no more. */
  dispose(): void;
}

export interface ProcessRunnerOptions {
  concurrency: number;
  /** a folder of its own for the list of children; without it nothing survives to be cleaned after a crash */
  registryFolder?: string;
}

const stderrLimit = 64 * 1024;
const defaultStdoutLimit = 16 * 1024 * 1024;

export function createProcessRunner(options: ProcessRunnerOptions): ProcessRunner {
  const semaphore = createSemaphore(options.concurrency);
  const registry = options.registryFolder === undefined ? null : openChildRegistry(options.registryFolder);
  const children = new Set<ChildProcess>();
  let disposed = false;

  const killAll = () => {
    for (const child of children) if (child.pid !== undefined) killGroup(child.pid);
  };
  process.on('exit', killAll);

  return {
    run: (request) =>
      semaphore.run(() => {
        if (disposed) throw abortErrorOf(undefined);
        return runChild(request, children, registry);
      }, request.signal),
    reapOrphans: async () => (await registry?.reapOrphans()) ?? [],
    dispose() {
      disposed = true;
      process.off('exit', killAll);
      killAll();
    },
  };
}

async function runChild(
  request: ProcessRequest,
  children: Set<ChildProcess>,
  registry: ChildRegistry | null,
): Promise<ProcessResult> {
  const startedAt = performance.now();
  const child = spawn(request.command, [...request.args], {
    cwd: request.cwd,
    // its own process group: a kill reaches whatever the child starts. Windows has none and would show a console.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: [request.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) {
    const [error] = await once(child, 'error');
    throw error;
  }
  children.add(child);
  let timedOut = false;
  const kill = () => killGroup(pid);
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, request.timeoutMs);
  request.signal?.addEventListener('abort', kill, { once: true });
  try {
    registry?.add(pid, request.command);
    if (request.background) giveWay(pid);
    const output = collectOutput(child, request);
    feedInput(child, request.input);
    const [exitCode] = (await once(child, 'close')) as [number | null];
    if (request.signal?.aborted) throw abortErrorOf(request.signal);
    return { ...output(), exitCode, timedOut, durationMs: performance.now() - startedAt };
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', kill);
    if (child.exitCode === null && child.signalCode === null) kill();
    children.delete(child);
    registry?.remove(pid);
  }
}

/** Threads inherit the priority, so it is set before the child has made any; a system that refuses is no reason to stop. */
function giveWay(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // the child has ended already, or priorities may not be changed here
  }
}

function collectOutput(child: ChildProcess, request: ProcessRequest) {
  const limit = request.maxStdoutBytes ?? defaultStdoutLimit;
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let truncated = false;
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    if (request.onStdout) return request.onStdout(chunk);
    const room = limit - keptBytes;
    if (chunk.length > room) truncated = true;
    if (room <= 0) return;
    kept.push(chunk.subarray(0, room));
    keptBytes += Math.min(chunk.length, room);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrLimit);
  });
  return () => ({ stdout: Buffer.concat(kept), truncated, stderr });
}

function feedInput(child: ChildProcess, input: Uint8Array | undefined): void {
  if (input === undefined || !child.stdin) return;
  // a child that ends before it has read everything closes the pipe: its exit code tells the story
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
}

/** The reason of an abort when it is an AbortError already, else a new one that carries it. */
export function abortErrorOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  if (reason instanceof Error && reason.name === 'AbortError') return reason;
  return new DOMException('The work was stopped.', { name: 'AbortError', cause: reason });
}
