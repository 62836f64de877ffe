/** Builds the parts of one open project and wires them to each other; closing goes the other way round. */
import { setImmediate } from 'node:timers/promises';
import type { z } from 'zod';
import type { PriceTable } from '../../src-shared/domain/price.ts';
import { rehearsalMark } from '../../src-shared/domain/project.ts';
import type { ProjectServices } from '../api/studio-services.ts';
import type { UploadShelf } from '../api/upload-shelf.ts';
import { createMechanicalGate } from '../gates/mechanical/mechanical-gate.ts';
import { exportEpisode } from '../handoff/export-episode.ts';
import { keepExportsCurrent } from '../handoff/keep-exports-current.ts';
import { LearningEngine } from '../learning/learning-engine.ts';
import type { SharedLearnings } from '../learning/shared-learnings.ts';
import type { Ffmpeg } from '../media/ffmpeg.ts';
import type { FileHasher } from '../media/hash-file.ts';
import { createMediaCache } from '../media/media-cache.ts';
import { createMediaWorkshop } from '../media/media-workshop.ts';
import { createOrchestrator } from '../orchestrator/orchestrator.ts';
import type { TakeGate } from '../orchestrator/ports/gate.ts';
import type { FfmpegRunner } from '../orchestrator/ports/picture-tools.ts';
import { AppError } from '../platform/app-error.ts';
import { systemClock } from '../platform/clock.ts';
import { durableFiles } from '../platform/durable-files.ts';
import { growingFiles } from '../platform/growing-files.ts';
import { guardFiles } from '../platform/guarded-files.ts';
import type { Logger } from '../platform/logger.ts';
import { randomIds } from '../platform/random-ids.ts';
import { type FollowedProject, followProject } from '../projects/follow-project.ts';
import { openProject } from '../projects/open-project.ts';
import { readDocument } from '../projects/read-document.ts';
import { type Rehearsal, rehearsalSchema } from '../providers/embedded/rehearsal.ts';
import { createResolveRefs } from '../refs/resolve-refs.ts';
import { updateHumanReview } from '../review/keep-records-current.ts';
import { openStore } from '../store/open-store.ts';
import type { WorkflowRegistry } from '../supervisor/workflow-registry.ts';
import { createAttemptServices } from './attempt-services.ts';
import { buildProviders, type ProviderAccess } from './build-providers.ts';
import { keepMoneyApart } from './keep-money-apart.ts';
import { createLearningServices } from './learning-services.ts';
import { createMediaLookup } from './media-lookup.ts';
import { openSimulator } from './open-simulator.ts';
import { prepareTakes } from './prepare-takes.ts';
import type { Production } from './production.ts';
import { createRefServices } from './ref-services.ts';
import { rehearsalAccess } from './rehearsal-access.ts';
import { createReviewServices } from './review-services.ts';
import { takeSnapshot } from './snapshot.ts';
import { createTakeServices, shotNotFound } from './take-services.ts';

export interface ProductionTools {
  /** null where none is installed: rare formats are then unreadable and no clip is made */
  ffmpeg: Ffmpeg | null;
  hasher: FileHasher;
  uploads: UploadShelf;
  workflows: WorkflowRegistry;
  prices: PriceTable;
  access: ProviderAccess;
  /** a simulator that a person has started; null = a rehearsal starts its own */
  givenSimulator: string | null;
  /** whether a folder is a rehearsal whatever its project.json says */
  isRehearsalFolder: (root: string) => boolean;
  /** folder of the list of child processes */
  childrenFolder: string;
  /** what all projects of this user have learned */
  learnings: SharedLearnings;
  logger: Logger;
  furtherGates: readonly TakeGate[];
  /** who decides at this machine */
  person: string;
  /** The folder was taken away or another machine has the project: it must be closed. */
  onLost: (folder: string) => void;
}

/** One open project with what its hosts need beside the services. */
export interface OpenProduction {
  readonly id: string;
  readonly title: string;
  readonly root: string;
  /** as it was named when it was opened */
  readonly folder: string;
  readonly services: ProjectServices;
  /** Something outside the project may have made work possible. */
  wake(): void;
  close(): Promise<void>;
}

/** Opens a project folder, takes up what the last process left, and starts following the folder. */
export async function openProduction(folder: string, tools: ProductionTools): Promise<OpenProduction> {
  const logger = tools.logger.child({ project: folder });
  const ended = new AbortController();
  const opened = await openProject(folder, {
    ...{ clock: systemClock, logger, openStore, hash: (path) => tools.hasher.hashFile(path) },
    onLockLost: () => tools.onLost(folder),
  });
  const { store, paths, documents, id } = opened;
  const cache = createMediaCache({ folder: paths.cacheFolder, ffmpeg: tools.ffmpeg });
  const media = createMediaWorkshop({ ...tools, cache });
  const files = guardFiles(durableFiles, paths.lockFile);
  const production: Production = {
    ...{ id, store, paths, cache, logger, files, clock: systemClock },
    ...{ uploads: tools.uploads, workflows: tools.workflows },
    media,
    documents: () => documents.inForce,
  };
  const gates = [createMechanicalGate(media), ...tools.furtherGates];
  const resolveRefs = createResolveRefs(store);
  const isRehearsal = documents.inForce.project.rehearsal === true || tools.isRehearsalFolder(paths.root);
  const rehearsal = await readRehearsal(paths.rehearsalFile)
    .then((read) => {
      keepMoneyApart(store, isRehearsal);
      return read;
    })
    .catch(async (error: unknown) => {
      await opened.close();
      throw error;
    });
  let onSimulator: () => void = () => undefined;
  const simulator = isRehearsal ? await simulatorOf(paths.root, { tools, logger, onReady: () => onSimulator() }) : null;
  const access = simulator ? rehearsalAccess(simulator.url, simulator.trouble, simulator.listsWithinMs) : tools.access;
  const providers = buildProviders({
    ...{ paths, prices: tools.prices, access, logger },
    embedded: { files, ffmpeg: ffmpegRunner(tools), rehearsal: () => rehearsal },
  });
  const exportDeps = {
    ...production,
    project: () => {
      const { project } = documents.inForce;
      const episodeIds = project.episodes.map((episode) => episode.id);
      return { slug: project.slug, episodeIds, ...rehearsalMark(project) };
    },
  };
  const exportAll = async (episodeId: string, changedShots?: ReadonlySet<string>) => {
    const shots = changedShots ?? store.shots(episodeId).map((shot) => shot.id);
    for (const shotId of shots) {
      updateHumanReview(store, shotId);
      await setImmediate();
    }
    return exportEpisode(episodeId, exportDeps, changedShots);
  };
  const exports = keepExportsCurrent({
    ...{ store, clock: systemClock },
    write: async (episodeId, shots) => void (await exportAll(episodeId, shots)),
    onProblem: (error) => logger.error('exports could not be written', { error }),
  });
  const learning = new LearningEngine({
    ...{
      store,
      clock: systemClock,
      files,
      growing: growingFiles,
      paths,
      shared: tools.learnings,
      logger,
    },
    ...{ project: () => documents.inForce.project.slug, isRehearsal },
  });
  const orchestrator = createOrchestrator({
    ...{
      store,
      clock: systemClock,
      ids: randomIds,
      providers,
      gates,
      media: production.media,
      files,
      paths,
    },
    ...{ documents: () => documents.inForce, resolveRefs, workflows: tools.workflows, logger },
    priceVersion: tools.prices.version,
    whyNotReady: (providerId) => access.whyNotReady(providerId),
  });
  const wake = () => {
    documents.checkRefs(resolveRefs);
    orchestrator.wake();
  };
  onSimulator = wake;
  const preparer = prepareTakes({ store, media: production.media, paths, logger });
  let followed: FollowedProject | null = null;
  let closing: Promise<void> | null = null;
  const closeAll = async () => {
    ended.abort();
    await followed?.close();
    await orchestrator.close();
    await simulator?.close();
    await preparer.close();
    await exports.close();
    await learning.close();
    await opened.close();
  };
  try {
    documents.checkRefs(resolveRefs);
    await cache.sweep();
    await orchestrator.recover();
    followed = await followProject(opened, { clock: systemClock, logger, media, gates, onDocuments: wake });
  } catch (error) {
    // a full disk, for example: the lock is given back, so that the folder can be opened when there is room
    await closeAll();
    throw error;
  }

  const { batches } = orchestrator;
  const review = createReviewServices(
    production,
    {
      ...{ store, clock: systemClock, ids: randomIds, paths, files, media: production.media, gates },
      project: () => documents.inForce.project,
      person: tools.person,
      wake: () => orchestrator.wake(),
    },
    orchestrator.quote,
  );
  const services: ProjectServices = {
    snapshot: async (episodeId) => takeSnapshot(production, episodeId),
    takes: createTakeServices(production, preparer),
    review,
    batches: {
      estimate: (config) => batches.estimate(config),
      preflight: async (config) => batches.preflight(config),
      audit: async (config) => batches.audit(config),
      start: async (config) => batches.start(config, await batches.search(config)),
      pause: async (batchId) => batches.pause(batchId),
      resume: async (batchId, budget) => batches.resume(batchId, budget),
      stop: async (batchId) => batches.stop(batchId, tools.person),
      cancelRetry: async (work) => orchestrator.cancelRetry({ ...work, person: tools.person }),
      list: async () => batches.list(),
    },
    attempts: createAttemptServices(production, orchestrator, tools.person),
    refs: createRefServices(production, wake),
    handoff: {
      exportEpisode(episodeId) {
        if (!documents.inForce.project.episodes.some((episode) => episode.id === episodeId))
          throw shotNotFound(episodeId);
        return exportAll(episodeId);
      },
    },
    learning: createLearningServices(learning, tools.learnings),
    journal: { lastSeq: store.lastSeq, eventsAfter: store.eventsAfter, onCommit: store.onCommit, closed: ended.signal },
    media: createMediaLookup(production),
  };
  return {
    id,
    title: documents.inForce.project.title,
    root: paths.root,
    folder,
    services,
    wake,
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

function simulatorOf(root: string, given: { tools: ProductionTools; logger: Logger; onReady: () => void }) {
  const { tools, logger, onReady } = given;
  const ffmpegPath = tools.ffmpeg?.paths.ffmpeg ?? null;
  const { givenSimulator, childrenFolder } = tools;
  return openSimulator({ root, given: givenSimulator, ffmpegPath, childrenFolder, logger, onReady });
}

function ffmpegRunner(tools: ProductionTools): FfmpegRunner {
  return {
    async run(args, options) {
      if (!tools.ffmpeg) {
        throw new AppError({
          code: 'media.ffmpeg-missing',
          message: 'No clip can be made: ffmpeg was not found.',
          hint: 'Install ffmpeg, or name it in CIRCLETAKE_FFMPEG, and start again.',
        });
      }
      await tools.ffmpeg.run(args, options);
    },
  };
}

/** `rehearsal.json`, if the project has one; a wrong one is refused, so that nobody rehearses something else. */
async function readRehearsal(path: string): Promise<Rehearsal | null> {
  if (!(await durableFiles.exists(path))) return null;
  const read = await readDocument(path, 'rehearsal.json', rehearsalSchema as z.ZodType<Rehearsal>);
  if (read.kind === 'good') return read.document;
  const fault = read.faults[0];
  throw new AppError({
    code: 'project.invalid',
    message: fault?.message ?? 'rehearsal.json is not valid.',
    hint: 'Mend or remove rehearsal.json, then open the project again.',
  });
}
