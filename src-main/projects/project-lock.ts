/**
 * One process owns an open project. The lock is a file that appears whole and only where none is; its owner writes a
 * heartbeat into it. A lock whose process is gone, or one of another machine not heard of for half a minute, is taken over;
 * anything else is refused with the owner's name.
 */
import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Clock, Timer } from '../orchestrator/ports/clock.ts';
import { AppError } from '../platform/app-error.ts';
import { makeFolder, toFileError, writeFileAtomic } from '../platform/atomic-file.ts';
import { identifyProcess } from '../platform/process-identity.ts';

const lockSchema = z.object({
  pid: z.number().int().positive(),
  /** tells the process from a later one with the same number */
  identity: z.string().nullable(),
  host: z.string(),
  nonce: z.string(),
  since: z.string(),
  heartbeatAt: z.iso.datetime(),
});
type LockRecord = z.infer<typeof lockSchema>;

const heartbeatMs = 5000;
/** A heartbeat older than this means that the other machine has lost the project. */
const silentMs = 30_000;
/** For so long a lock that cannot be read is still held to be ours: a disk may stumble, and nobody takes it over yet. */
const unsureMs = silentMs - 2 * heartbeatMs;
const confirmMs = 100;

/** Locks that this process holds: one of its own that is not among them was left by a start or an end that failed. */
const heldHere = new Set<string>();

export interface ProjectLock {
  release(): Promise<void>;
}

export interface LockFacts {
  clock: Clock;
  pid?: number;
  host?: string;
  identify?: (pid: number) => Promise<string | null>;
}

/** Takes the lock or throws project.in-use. Losing it later (a folder taken away) is told to `onLost`, once. */
export async function takeLock(path: string, facts: LockFacts, onLost: () => void = () => {}): Promise<ProjectLock> {
  const { clock, pid = process.pid, host = hostname(), identify = identifyProcess } = facts;
  await makeFolder(dirname(path));
  const now = () => clock.now().toISOString();
  const own: LockRecord = {
    ...{ pid, host, identity: await identify(pid), nonce: randomBytes(8).toString('hex') },
    ...{ since: now(), heartbeatAt: now() },
  };
  heldHere.add(own.nonce);
  try {
    await acquire(path, own, { host, pid, identify, now: () => clock.now() });
  } catch (error) {
    heldHere.delete(own.nonce);
    throw error;
  }
  return keepAlive(path, own, clock, onLost);
}

interface Finder {
  host: string;
  pid: number;
  identify: (pid: number) => Promise<string | null>;
  now: () => Date;
}

async function acquire(path: string, own: LockRecord, finder: Finder): Promise<void> {
  for (let attempt = 0; !(await create(path, own, attempt)); attempt++) {
    const holder = await readLock(path);
    if (holder?.nonce === own.nonce) return;
    if (holder && !(await isStale(holder, finder))) throw inUse(holder, finder.host);
    if (attempt > 20) throw inUse(holder, finder.host);
    await removeStale(path, holder);
  }
}

/** A lock taken from a dead process may be moved aside for a moment by another that had seen the dead one too: look again. */
async function create(path: string, own: LockRecord, attempt: number): Promise<boolean> {
  if (!(await createExclusively(path, own))) return false;
  if (attempt === 0) return true;
  await sleep(confirmMs);
  return (await readLock(path))?.nonce === own.nonce;
}

function keepAlive(path: string, own: LockRecord, clock: Clock, onLost: () => void): ProjectLock {
  let timer: Timer | null = null;
  let released = false;
  let beating: Promise<void> = Promise.resolve();
  let seenAtMs = clock.monotonicMs();
  const beat = async () => {
    if (released) return;
    const whose = await whoseIs(path, own);
    if (whose === 'own') seenAtMs = clock.monotonicMs();
    if (whose === 'lost' || clock.monotonicMs() - seenAtMs > unsureMs) {
      released = true;
      heldHere.delete(own.nonce);
      onLost();
      return;
    }
    if (whose === 'unsure') return schedule();
    const record = { ...own, heartbeatAt: clock.now().toISOString() };
    // a heartbeat that cannot be written (full disk) is no reason to stop: the process still runs
    await writeFileAtomic(path, JSON.stringify(record)).catch(() => undefined);
    schedule();
  };
  const schedule = () => {
    timer = clock.after(heartbeatMs, () => {
      beating = beat();
    });
  };
  schedule();
  return {
    async release() {
      if (released) return;
      released = true;
      timer?.cancel();
      heldHere.delete(own.nonce);
      await beating;
      // one that cannot be removed now keeps nobody out: this process takes it again, others find it dead
      if ((await whoseIs(path, own)) === 'own') await rm(path, { force: true }).catch(() => undefined);
    },
  };
}

/** Gone or another's is lost; what cannot be read, or says nothing, may be ours still. */
async function whoseIs(path: string, own: LockRecord): Promise<'own' | 'lost' | 'unsure'> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => (codeOf(error) === 'ENOENT' ? null : ''));
  if (text === null) return 'lost';
  const holder = parseLock(text);
  if (!holder) return 'unsure';
  return holder.nonce === own.nonce ? 'own' : 'lost';
}

/** The file appears with its whole content or not at all; false when there is one already. */
async function createExclusively(path: string, record: LockRecord): Promise<boolean> {
  const temporary = `${path}.${record.nonce}`;
  try {
    await writeFile(temporary, JSON.stringify(record), { flush: true });
    await link(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (codeOf(error) === 'EPERM' || codeOf(error) === 'ENOTSUP') return createWithoutLinks(path, record);
    throw toFileError(error, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Disks without hard links (exFAT): exclusive create, content a moment later. */
async function createWithoutLinks(path: string, record: LockRecord): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(record), { flag: 'wx', flush: true });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw toFileError(error, path);
  }
}

/** Null when there is none or it cannot be read as one: a half-written lock belongs to a process that died writing it. */
async function readLock(path: string): Promise<LockRecord | null> {
  return parseLock(await readFile(path, 'utf8').catch(() => ''));
}

function parseLock(text: string): LockRecord | null {
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

async function isStale(holder: LockRecord, facts: Finder): Promise<boolean> {
  if (holder.host !== facts.host) return facts.now().getTime() - Date.parse(holder.heartbeatAt) > silentMs;
  if (holder.pid === facts.pid && holder.pid === process.pid) return !heldHere.has(holder.nonce);
  const running = await facts.identify(holder.pid);
  return running === null || (holder.identity !== null && running !== holder.identity);
}

/** Moves the stale lock aside. If another process took over in between, its lock is put back. */
async function removeStale(path: string, stale: LockRecord | null): Promise<void> {
  const aside = `${path}.stale-${randomBytes(4).toString('hex')}`;
  if ((await readLock(path))?.nonce !== stale?.nonce) return;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw toFileError(error, path);
  }
  const moved = await readLock(aside);
  if (moved && moved.nonce !== stale?.nonce) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function inUse(holder: LockRecord | null, host: string): AppError {
  const where = holder && holder.host !== host ? ` on ${holder.host}` : '';
  const who = holder ? `process ${holder.pid}${where}, since ${holder.since}` : 'another process';
  return new AppError({
    code: 'project.in-use',
    message: `This project is open in another Circletake (${who}).`,
    hint: 'Close it there first. One program at a time may work on a project, so that nothing is made or paid twice.',
  });
}

function codeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
