/**
 * Rehearsals of projects: copied, filled with the circled takes that the batch builds on, started, removed. Everything below
 * `rehearsals` of the data folder is a rehearsal, whatever its project.json says.
 */
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import type { StartedRehearsal } from '../../src-shared/api/rehearsals-contract.ts';
import type { BatchConfig } from '../../src-shared/domain/batch.ts';
import { shotsInScope } from '../../src-shared/domain/batch-scope.ts';
import { phases } from '../../src-shared/domain/phase.ts';
import type { Shot } from '../../src-shared/domain/shot.ts';
import type { ProjectServices, RehearsalServices, Studio } from '../api/studio-services.ts';
import { AppError } from '../platform/app-error.ts';
import { toFileError } from '../platform/atomic-file.ts';
import { roughNight } from '../providers/embedded/rough-night.ts';
import { copyForRehearsal } from '../rehearsal/copy-project.ts';

export interface RehearsalDeps {
  /** the Studio's data folder */
  dataFolder: string;
  studio: Pick<Studio, 'addProject' | 'project' | 'uploads' | 'projects'>;
  /** takes a project off the list of known ones */
  forget: (projectId: string) => Promise<void>;
  now: () => Date;
}

/** Where all rehearsals of a user are. */
function rehearsalsFolder(dataFolder: string): string {
  return join(dataFolder, 'rehearsals');
}

export function isRehearsalFolder(dataFolder: string, folder: string): boolean {
  return folder.startsWith(rehearsalsFolder(dataFolder) + sep);
}

export function createRehearsals(deps: RehearsalDeps): RehearsalServices {
  const { studio, dataFolder, now } = deps;
  const remove = async (projectId: string): Promise<{ removed: boolean }> => {
    const known = (await studio.projects.list()).find(({ id }) => id === projectId);
    if (!known) throw new AppError({ code: 'project.not-found', message: `No project ${projectId} is known here.` });
    if (!isRehearsalFolder(dataFolder, known.displayPath)) throw notOne(known.title);
    await studio.projects.close(projectId);
    await rm(known.displayPath, { recursive: true, force: true }).catch((error: unknown) => {
      throw toFileError(error, known.displayPath);
    });
    await deps.forget(projectId);
    return { removed: true };
  };
  return {
    remove,
    async start({ projectId, config, trouble }): Promise<StartedRehearsal> {
      const source = studio.project(projectId);
      const { project, displayPath, shots } = await source.snapshot(config.episodeId);
      if (project.rehearsal === true) throw alreadyOne();
      const scope = shotsInScope(config, shots);
      const shotIds = scope.map(({ id }) => id);
      const folder = await copyForRehearsal({
        embeddedFaults: trouble === 'rough-night' ? roughNight(shotIds, config.phases) : null,
        ...{ source: displayPath, project, parent: rehearsalsFolder(dataFolder) },
        note: {
          ...{ schema_version: 'circletake.rehearsal-of.v1', project_id: projectId, title: project.title },
          ...{ folder: displayPath, trouble, created_at: now().toISOString() },
        },
      });
      const copy = await studio.addProject(folder).catch(async (error: unknown) => {
        await rm(folder, { recursive: true, force: true });
        throw error;
      });
      try {
        const rehearsal = studio.project(copy.id);
        await bringCircledTakes({ source, rehearsal, uploads: studio.uploads }, scope);
        await bringChosenEngines(rehearsal, config, scope);
        const batch = await rehearsal.batches.start(config);
        return { projectId: copy.id, batchId: batch.id };
      } catch (error) {
        await remove(copy.id);
        throw error;
      }
    },
  };
}

interface Crossing {
  source: ProjectServices;
  rehearsal: ProjectServices;
  uploads: Studio['uploads'];
}

/** What is settled in the project is settled in the rehearsal: its circled takes come over as files of the director's. */
async function bringCircledTakes({ source, rehearsal, uploads }: Crossing, shots: readonly Shot[]): Promise<void> {
  for (const shot of shots) {
    for (const phase of phases) {
      const takeId = shot.phases[phase].approvedTakeId;
      if (takeId === null) continue;
      const { path } = await source.media.take(takeId, 'original');
      const { size } = await stat(path);
      const file = { fileName: basename(path), declaredBytes: size };
      const { uploadId } = await uploads.receive(file, createReadStream(path));
      const reason = `${takeId} of the project, brought over for the rehearsal`;
      await rehearsal.review.override({ shotId: shot.id, phase, uploadId, reason });
    }
  }
}

/** Engines that somebody chose for a shot are chosen in the rehearsal too. */
async function bringChosenEngines(
  rehearsal: ProjectServices,
  config: BatchConfig,
  shots: readonly Shot[],
): Promise<void> {
  for (const shot of shots) {
    for (const phase of config.phases) {
      const { workflowId, approvedTakeId } = shot.phases[phase];
      if (workflowId === null || approvedTakeId !== null) continue;
      const note = 'Chosen in the project.';
      await rehearsal.review.reroute({ shotId: shot.id, phase, workflowId, note });
    }
  }
}

function alreadyOne(): AppError {
  return new AppError({
    code: 'input.invalid',
    message: 'This is a rehearsal already.',
    hint: 'Start the batch here, or go back to the project and rehearse from there.',
  });
}

function notOne(title: string): AppError {
  return new AppError({
    code: 'input.invalid',
    message: `${title} is no rehearsal and is not removed.`,
    hint: 'Only rehearsals can be removed from here; projects are folders of yours.',
  });
}
