import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

/** Runs the built command line and answers its JSON; throws when the exit code is not one of those expected. */
export function runCli(args: string[], options: { data: string; exitCodes?: number[] }): unknown {
  const result = spawnSync(process.execPath, [join(root, 'out/main/src-main/cli.js'), ...args, '--json'], {
    encoding: 'utf8',
    env: { ...process.env, CIRCLETAKE_DATA: options.data },
  });
  if (!(options.exitCodes ?? [0]).includes(result.status ?? -1)) {
    throw new Error(`circletake ${args.join(' ')} ended with ${result.status}: ${result.stdout}${result.stderr}`);
  }
  return JSON.parse(result.stdout);
}
