// Tells one process from another that later got the same number: the start time belongs to the pid.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A text that is equal for the same running process and differs for a later one; null when none runs. */
export async function identifyProcess(pid: number): Promise<string | null> {
  if (process.platform === 'linux') return identifyFromProc(pid);
  const [command, args] =
    process.platform === 'win32'
      ? ['tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']]
      : ['ps', ['-p', String(pid), '-o', 'lstart=,comm=']];
  try {
    const { stdout } = await execute(command as string, args as string[], { timeout: 5_000, windowsHide: true });
    const name = process.platform === 'win32' ? parseTasklist(stdout, pid) : stdout.trim();
    return name === '' ? null : name;
  } catch {
    // ps answers 1 for "no such process"
    return null;
  }
}

async function identifyFromProc(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return parseProcStat(stat);
  } catch {
    return null;
  }
}

/** Start time in clock ticks since boot from `/proc/<pid>/stat`; null for a zombie, which no longer runs anything. */
export function parseProcStat(stat: string): string | null {
  // the name is in brackets and may itself hold spaces and brackets
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [fields[0], fields[19]];
  if (startTime === undefined || state === 'Z' || state === 'X') return null;
  return `started:${startTime}`;
}

/** Image name from one line of tasklist's CSV; empty when the pid is not listed. */
export function parseTasklist(output: string, pid: number): string {
  const match = /^"([^"]+)","(\d+)"/m.exec(output);
  return match?.[1] && Number(match[2]) === pid ? match[1] : '';
}
