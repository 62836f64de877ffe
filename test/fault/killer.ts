/** Kills a program at a moment of the attempt protocol, which it sees from outside: by what is said and what is written. */
import { type FSWatcher, watch } from 'node:fs';
import type { RunningProgram } from '../fixtures/spawn-circletake.ts';
import type { Chance } from './seeded-chance.ts';

/** What a kill waits for before its delay begins. */
export type Moment =
  /** the process has started: opening, recovery */
  | 'start'
  /** the first line about the batch */
  | 'work'
  /** a request is being sent: its attempt is `submitting` and the engine has it not or not yet */
  | 'sending'
  /** the engine has it, and nobody here may know */
  | 'accepted'
  /** the artefact is made: download, check, place, record */
  | 'made'
  /** a take's file is in its place */
  | 'placed'
  /** some write of the database */
  | 'commit';

export interface Kill {
  moment: Moment;
  /** how many times the moment is let pass */
  skip: number;
  delayMs: number;
}

/** Moments of a run, the more telling ones more often. */
export const runMoments: readonly Moment[] = [
  ...(['start', 'work', 'work', 'sending', 'sending', 'accepted', 'made', 'placed', 'commit'] as const),
];
/** Moments of a command that sends nothing. */
export const otherMoments: readonly Moment[] = ['start', 'commit', 'commit'];
const longestDelayMs: Record<Moment, number> = {
  ...{ start: 1500, work: 1200, sending: 2, accepted: 20, made: 120, placed: 60, commit: 10 },
};

/** A kill by chance. */
export function chooseKill(chance: Chance, moments: readonly Moment[]): Kill {
  const moment = chance.oneOf(moments);
  const skip = moment === 'commit' ? chance.below(60) : moment === 'start' || moment === 'work' ? 0 : chance.below(3);
  return { moment, skip, delayMs: chance.below(longestDelayMs[moment] + 1) };
}

/** Carries it out; resolves when the program has ended: true if it was this kill that ended it. */
export async function carryOutKill(
  program: RunningProgram,
  kill: Kill,
  dir: string,
  takeFolders: string[],
): Promise<boolean> {
  const watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | null = null;
  let toSkip = kill.skip;
  const strike = () => {
    if (timer || toSkip-- > 0) return;
    if (kill.delayMs === 0) program.kill();
    timer = setTimeout(() => program.kill(), kill.delayMs);
  };
  const onName = (folder: string, pattern: RegExp) =>
    void watchers.push(watch(`${dir}/${folder}`, (_, name) => name !== null && pattern.test(name) && strike()));
  switch (kill.moment) {
    case 'start':
      strike();
      break;
    case 'work':
      void program.says(/^batch_/m).then(strike);
      break;
    case 'sending':
      onName('.circletake/embedded', /\.part$/);
      break;
    case 'accepted':
      onName('.circletake/embedded', /\.job\.json$/);
      break;
    case 'made':
      onName('.circletake/embedded', /\.result\.(png|mp4)$/);
      break;
    case 'placed':
      for (const folder of takeFolders) onName(folder, /^SH\d+_T\d+_[a-z]+\.(png|mp4)$/);
      break;
    case 'commit':
      onName('state', /\.db-wal$/);
      break;
  }
  const { signal } = await program.ended;
  if (timer) clearTimeout(timer);
  for (const watcher of watchers) watcher.close();
  return signal === 'SIGKILL';
}
