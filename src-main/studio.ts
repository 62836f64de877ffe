/** The composition root: builds what all projects share, opens and closes projects, and ends everything in order. */
import { userInfo } from 'node:os';
import { join } from 'node:path';
import priceTable from '../resources/prices.v1.json' with { type: 'json' };
import strategyTable from '../resources/provider_strategy.v1.json' with { type: 'json' };
import workflowTable from '../resources/workflow_registry.v1.json' with { type: 'json' };
import type { KnownProject } from '../src-shared/api/projects-contract.ts';
import { priceTableSchema } from '../src-shared/domain/price.ts';
import type { CreateStudio, Studio } from './api/studio-services.ts';
import { createUploadShelf } from './http/upload-shelf.ts';
import { type Ffmpeg, openFfmpeg } from './media/ffmpeg.ts';
import { createFileHasher } from './media/hash-file.ts';
import { AppError } from './platform/app-error.ts';
import { systemClock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import { createProcessRunner } from './platform/process-runner.ts';
import { createProject } from './projects/create-project.ts';
import { type KnownEntry, openKnownProjects } from './projects/known-projects.ts';
import { readRehearsalNote } from './rehearsal/rehearsal-note.ts';
import { takeGivenKeys } from './settings/given-keys.ts';
import { openSettings } from './settings/settings.ts';
import { programVersion } from './shell/program-facts.ts';
import { settableProviders } from './studio/build-providers.ts';
import { checkMachine } from './studio/doctor.ts';
import { type OpenProduction, openProduction } from './studio/open-production.ts';
import { createRehearsals, isRehearsalFolder } from './studio/rehearsals.ts';
import { openSharedLearnings } from './studio/shared-learnings-file.ts';
import { readWorkflowRegistry } from './supervisor/workflow-registry.ts';

const maxUploadBytes = 8 * 1024 ** 3;

/** Builds a Studio with no project open. */
export const createStudio: CreateStudio = async (options) => {
  const { dataFolder, rememberProjects, logger, protection = null, furtherGates = [] } = options;
  // before anything is started that would inherit them
  const givenKeys = takeGivenKeys(process.env);
  const childrenFolder = join(dataFolder, 'children');
  const runner = createProcessRunner({ concurrency: 2, registryFolder: childrenFolder });
  await runner.reapOrphans();
  const { ffmpeg, trouble } = await findFfmpeg(runner, logger);
  const hasher = createFileHasher();
  const uploads = createUploadShelf({ folder: join(dataFolder, 'uploads'), maxBytes: maxUploadBytes });
  const known = openKnownProjects({ dataFolder, remember: rememberProjects, clock: systemClock });
  const workflows = readWorkflowRegistry(workflowTable, strategyTable);
  const prices = priceTableSchema.parse(priceTable);
  const learnings = openSharedLearnings(dataFolder);
  const open = new Map<string, OpenProduction>();
  const settings = await openSettings({
    ...{ dataFolder, protection, logger, providers: settableProviders, now: () => systemClock.now() },
    env: givenKeys,
    onChange() {
      for (const production of open.values()) production.wake();
    },
  });
  const troubles = new Map<string, string>();
  let closing: Promise<void> | null = null;

  const describe = (entry: KnownEntry): KnownProject => ({
    ...{ id: entry.id, title: entry.title, displayPath: entry.folder, lastOpenedAt: entry.lastOpenedAt },
    open: open.has(entry.id),
    trouble: troubles.get(entry.id) ?? null,
    ...(entry.rehearsalOf ? { rehearsalOf: entry.rehearsalOf } : {}),
  });
  /** Nothing may be written to a project that is no longer ours. */
  const onLost = (folder: string) => {
    logger.error('the lock of a project was lost', { folder });
    const production = [...open.values()].find((one) => one.folder === folder);
    if (!production) return;
    open.delete(production.id);
    troubles.set(production.id, 'Its folder was taken away, or another Circletake opened it. Open it again to go on.');
    production.close().catch((error: unknown) => logger.error('a lost project did not close', { folder, error }));
  };
  const opening = new Map<string, Promise<KnownProject>>();
  const addProject = (folder: string): Promise<KnownProject> => {
    const under = opening.get(folder) ?? addOnce(folder).finally(() => opening.delete(folder));
    opening.set(folder, under);
    return under;
  };
  const addOnce = async (folder: string): Promise<KnownProject> => {
    if (closing) throw new AppError({ code: 'shutting-down', message: 'Circletake is closing.' });
    const there = [...open.values()].find((production) => production.root === folder);
    const tools = {
      ffmpeg,
      hasher,
      uploads,
      workflows,
      prices,
      access: settings,
      learnings,
      logger,
      person,
      onLost,
      furtherGates,
      givenSimulator: process.env.CIRCLETAKE_SIMULATOR ?? null,
      isRehearsalFolder: (root: string) => isRehearsalFolder(dataFolder, root),
      childrenFolder,
    };
    const production = there ?? (await openProduction(folder, tools));
    open.set(production.id, production);
    troubles.delete(production.id);
    const { id, title, root } = production;
    const rehearsalOf = (await readRehearsalNote(root))?.project_id ?? null;
    await known.remember({ id, title, folder: root, rehearsalOf });
    return describe({ id, title, folder: root, rehearsalOf, lastOpenedAt: systemClock.now().toISOString() });
  };
  const requireKnown = async (projectId: string) => {
    const entry = (await known.list()).find((project) => project.id === projectId);
    if (entry) return entry;
    throw new AppError({ code: 'project.not-found', message: `No project ${projectId} is known here.` });
  };

  const studio: Studio = {
    uploads,
    addProject,
    projects: {
      list: async () => (await known.list()).map(describe),
      async open(projectId) {
        const entry = await requireKnown(projectId);
        if (open.has(projectId)) return describe(entry);
        try {
          return await addProject(entry.folder);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          troubles.set(projectId, [error.message, error.hint].filter(Boolean).join(' '));
          return describe(entry);
        }
      },
      async close(projectId) {
        const production = open.get(projectId);
        open.delete(projectId);
        await production?.close();
        return { closed: production !== undefined };
      },
      async create(project) {
        return addProject(await createProject(join(dataFolder, 'projects'), project));
      },
    },
    project(projectId) {
      const production = open.get(projectId);
      if (production) return production.services;
      throw new AppError({
        code: 'project.not-open',
        message: 'This project is not open.',
        hint: 'Choose it in the toolbar to open it.',
      });
    },
    settings,
    get rehearsals() {
      return rehearsals;
    },
    system: {
      info: async () => ({
        version: programVersion(),
        checks: checkMachine({ ffmpeg, trouble, dataFolder }),
        maxUploadBytes,
      }),
    },
    close() {
      closing ??= (async () => {
        await Promise.allSettled([...open.values()].map((production) => production.close()));
        open.clear();
        await uploads.close();
        await hasher.dispose();
        runner.dispose();
      })();
      return closing;
    },
  };
  const forget = (projectId: string) => known.forget(projectId);
  const rehearsals = createRehearsals({ dataFolder, studio, forget, now: () => systemClock.now() });
  return studio;
};

const person = readUserName();

function readUserName(): string {
  try {
    return userInfo().username || 'director';
  } catch {
    return 'director';
  }
}

async function findFfmpeg(
  runner: Parameters<typeof openFfmpeg>[0]['runner'],
  logger: Logger,
): Promise<{ ffmpeg: Ffmpeg | null; trouble: string | null }> {
  try {
    return { ffmpeg: await openFfmpeg({ runner }), trouble: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    logger.warn('ffmpeg was not found', { error });
    return { ffmpeg: null, trouble: error.message };
  }
}
