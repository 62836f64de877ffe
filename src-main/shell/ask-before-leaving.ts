import type { JobOut } from '../../src-shared/domain/job-out.ts';
import { tellLeaving } from '../../src-shared/jobs-out.ts';
import type { Studio } from '../api/studio-services.ts';
import type { DialogLike } from './electron-like.ts';

/** Jobs whose results their engines keep for a while only: what is not fetched by then was paid for nothing. */
async function jobsThatExpire({ projects, project }: Pick<Studio, 'projects' | 'project'>): Promise<JobOut[]> {
  const open = (await projects.list()).filter((known) => known.open);
  const out = await Promise.all(open.map(({ id }) => project(id).attempts.jobsOut(null)));
  return out.flat().filter(({ keptUntil, inDoubt }) => keptUntil !== null && !inDoubt);
}

/** Says what is out and by when to be back; null when leaving costs nothing, or nobody can tell. */
export async function tellWhoLeaves(studio: Studio): Promise<string | null> {
  const jobs = await jobsThatExpire(studio).catch(() => []);
  return tellLeaving(jobs, new Date());
}

/** Asks a person who leaves while such jobs are out; true at once when there are none. */
export async function mayLeave(studio: Studio, dialog: Pick<DialogLike, 'showMessageBox'>): Promise<boolean> {
  const detail = await tellWhoLeaves(studio);
  if (detail === null) return true;
  const { response } = await dialog.showMessageBox({
    ...{ type: 'question', message: 'Leave while jobs are out?', detail },
    ...{ buttons: ['Stay', 'Leave'], defaultId: 0, cancelId: 0 },
  });
  return response === 1;
}
