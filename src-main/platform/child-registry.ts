// The list of child processes on disk, one small file per child, so that children which outlived a killed app are found
// and ended at its next start. A record names the child and its owner by pid and start time: a stranger that got the
// same number is never killed, and children of another instance that still runs are left alone.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { identifyProcess, parseProcStat } from './process-identity.ts';

const recordSchema = z.object({
  pid: z.number().int().positive(),
  identity: z.string().nullable(),
  command: z.string(),
  owner: z.object({ pid: z.number().int().positive(), identity: z.string().nullable() }),
});
type ChildRecord = z.infer<typeof recordSchema>;

export interface ChildRegistry {
  /** Notes a child that has just started; written before anything else can happen. */
  add(pid: number, command: string): void;
  remove(pid: number): void;
  /** Ends the children that an earlier, dead owner left running; returns their pids. */
  reapOrphans(): Promise<number[]>;
}

/** Opens the registry kept in a folder of its own. */
export function openChildRegistry(folder: string): ChildRegistry {
  mkdirSync(folder, { recursive: true });
  const pathOf = (pid: number) => join(folder, `${pid}.json`);
  const owner = { pid: process.pid, identity: identifyNow(process.pid) };
  const live = new Set<number>();
  const write = (record: ChildRecord) => writeFileSync(pathOf(record.pid), JSON.stringify(record));
  const completeLater = async (record: ChildRecord) => {
    owner.identity ??= await identifyProcess(owner.pid);
    const identity = await identifyProcess(record.pid);
    if (live.has(record.pid)) write({ ...record, owner, identity });
  };
  return {
    add(pid, command) {
      const record: ChildRecord = { pid, identity: identifyNow(pid), command, owner };
      live.add(pid);
      write(record);
      if (record.identity === null) void completeLater(record).catch(() => undefined);
    },
    remove(pid) {
      live.delete(pid);
      rmSync(pathOf(pid), { force: true });
    },
    async reapOrphans() {
      const reaped: number[] = [];
      for (const name of await readdir(folder)) {
        if (!name.endsWith('.json')) continue;
        const path = join(folder, name);
        const record = parseRecord(await readFile(path, 'utf8').catch(() => ''));
        if (record && (await mayBeRunning(record.owner))) continue;
        if (record && (await isCertainlyRunning(record)) && killGroup(record.pid)) reaped.push(record.pid);
        await rm(path, { force: true });
      }
      return reaped;
    },
  };
}

/** Ends a child with everything it started; false when it was already gone. */
export function killGroup(pid: number): boolean {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

async function mayBeRunning(subject: { pid: number; identity: string | null }): Promise<boolean> {
  const now = await identifyProcess(subject.pid);
  return now !== null && (subject.identity === null || now === subject.identity);
}

async function isCertainlyRunning(subject: { pid: number; identity: string | null }): Promise<boolean> {
  return subject.identity !== null && (await identifyProcess(subject.pid)) === subject.identity;
}

/** The identity without waiting, where the system can tell it so; elsewhere it is filled in a moment later. */
function identifyNow(pid: number): string | null {
  if (process.platform !== 'linux') return null;
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

function parseRecord(text: string): ChildRecord | null {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
