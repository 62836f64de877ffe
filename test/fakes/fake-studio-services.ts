/** The Studio in memory: one project, `demo`, whose media are files of a test's folder. */
import { join } from 'node:path';
import type { JournalReader, MediaFile, ProjectServices, StudioServices } from '../../src-main/api/studio-services.ts';
import type { UploadShelf } from '../../src-main/api/upload-shelf.ts';
import { createUploadShelf } from '../../src-main/http/upload-shelf.ts';
import { AppError } from '../../src-main/platform/app-error.ts';
import type { KnownProject } from '../../src-shared/api/projects-contract.ts';
import { hexOf } from '../../src-shared/domain/hash.ts';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import {
  sampleAttempt,
  sampleBatch,
  sampleDecided,
  sampleDetail,
  sampleDoubt,
  sampleEvent,
  sampleHash,
  sampleKeyTest,
  samplePromotion,
  sampleProvider,
  sampleShotPhase,
  sampleSnapshot,
  sampleTake,
  sampleTime,
} from './api-samples.ts';

/** A journal that a test writes into; it counts how it is read. */
export interface FakeJournal extends JournalReader {
  commit(count: number): void;
  close(): void;
  readonly listeners: number;
  readonly pagesRead: number;
}

export function createFakeJournal(rows = 0): FakeJournal {
  let lastSeq = rows;
  const listeners = new Set<(seq: number) => void>();
  const closing = new AbortController();
  let pagesRead = 0;
  return {
    lastSeq: () => lastSeq,
    eventsAfter(seq, limit) {
      pagesRead += 1;
      const length = Math.max(0, Math.min(limit, lastSeq - seq));
      return Array.from({ length }, (_, index): JournalEvent => sampleEvent(seq + index + 1));
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    closed: closing.signal,
    commit(count) {
      lastSeq += count;
      for (const listener of listeners) listener(lastSeq);
    },
    close: () => closing.abort(),
    get listeners() {
      return listeners.size;
    },
    get pagesRead() {
      return pagesRead;
    },
  };
}

export interface FakeStudio extends StudioServices {
  readonly journal: FakeJournal;
  /** what the media addresses of the project lead to: `<takeId>/<view>` and hex hashes */
  readonly media: Map<string, MediaFile>;
  /** the next call of any service throws this */
  failNext: unknown;
  /** names of the services called, in order */
  readonly calls: string[];
}

export function createFakeStudio(folder: string, options: { maxUploadBytes?: number; rows?: number } = {}): FakeStudio {
  const journal = createFakeJournal(options.rows ?? 0);
  const uploads = createUploadShelf({
    folder: join(folder, 'uploads'),
    maxBytes: options.maxUploadBytes ?? 1_000_000,
  });
  const state = { failNext: undefined as unknown, calls: [] as string[], media: new Map<string, MediaFile>() };
  const called = <T>(name: string, answer: () => T): Promise<T> => {
    state.calls.push(name);
    const failure = state.failNext;
    state.failNext = undefined;
    return failure === undefined ? Promise.resolve(answer()) : Promise.reject(failure);
  };
  const known: KnownProject = {
    id: 'demo',
    title: 'Demo',
    displayPath: '~/demo',
    open: true,
    lastOpenedAt: sampleTime,
    trouble: null,
  };
  const demo = fakeProject({ called, journal, media: state.media, uploads });
  return Object.assign(state, {
    journal,
    uploads,
    projects: {
      list: () => called('projects.list', () => [known]),
      open: () => called('projects.open', () => known),
      close: () => called('projects.close', () => ({ closed: true })),
      create: (project: { slug: string; title: string }) =>
        called('projects.create', () => ({ ...known, id: project.slug, title: project.title })),
    },
    project(projectId: string) {
      if (projectId === 'demo') return demo;
      throw new AppError({ code: 'project.not-found', message: 'There is no such project.', hint: 'Open it first.' });
    },
    rehearsals: {
      start: () => called('rehearsals.start', () => ({ projectId: 'demo-rehearsal', batchId: 'batch_1' })),
      remove: () => called('rehearsals.remove', () => ({ removed: true })),
    },
    settings: {
      providers: () =>
        called('settings.providers', () => ({ providers: [sampleProvider()], keysGoTo: 'file' as const })),
      setKey: () => called('settings.setKey', () => sampleProvider({ keyPlace: 'file' })),
      removeKey: () => called('settings.removeKey', () => sampleProvider()),
      testKey: () => called('settings.testKey', () => sampleKeyTest),
      setAddress: ({ address }: { address: string | null }) =>
        called('settings.setAddress', () => sampleProvider({ address })),
    },
    system: {
      info: () => called('system.info', () => ({ version: '0.0.0', checks: [], maxUploadBytes: uploads.maxBytes })),
    },
  });
}

interface Parts {
  called: <T>(name: string, answer: () => T) => Promise<T>;
  journal: FakeJournal;
  media: Map<string, MediaFile>;
  uploads: UploadShelf;
}

function fakeProject({ called, journal, media, uploads }: Parts): ProjectServices {
  const file = (key: string): MediaFile => {
    const found = media.get(key);
    if (found) return found;
    throw new AppError({ code: 'take.not-found', message: 'There is no such take.' });
  };
  return {
    snapshot: () => called('snapshot', () => sampleSnapshot(journal.lastSeq())),
    takes: {
      list: () => called('takes.list', () => ({ seq: journal.lastSeq(), takes: [sampleTake()] })),
      ofEpisode: () => called('takes.ofEpisode', () => [sampleTake()]),
      detail: (takeId) => called('takes.detail', () => sampleDetail(sampleTake(takeId), '/demo/take.png')),
      verify: (takeId) => called('takes.verify', () => ({ takeId, verifiedAt: sampleTime, files: [] })),
      verifyAll: () => called('takes.verifyAll', () => []),
      prepare: () => called('takes.prepare', () => ({ requested: true })),
    },
    review: {
      approve: ({ note }) => called('review.approve', () => sampleDecided('approve', note)),
      reject: ({ note }) => called('review.reject', () => sampleDecided('reject', note)),
      reroute: ({ note }) => called('review.reroute', () => sampleDecided('reroute', note)),
      workflowChoices: () => called('review.workflowChoices', () => []),
      override: ({ reason, uploadId }) =>
        called('review.override', () => {
          uploads.find(uploadId);
          return sampleDecided('override', reason);
        }),
      undo: () => called('review.undo', () => ({ ...sampleDecided('undo', ''), shotPhase: sampleShotPhase('previs') })),
      history: () => called('review.history', () => []),
    },
    batches: {
      estimate: (config) =>
        called('batches.estimate', () => ({
          lines: [],
          runnable: 0,
          refused: 0,
          totalMicroUsd: 0,
          capMicroUsd: config.budgetMicroUsd,
          fitsBudget: true,
        })),
      preflight: () =>
        called('batches.preflight', async function* () {
          yield [];
        }),
      audit: () =>
        called('batches.audit', async function* () {
          yield [];
        }),
      start: (config) => called('batches.start', () => sampleBatch('batch_1', { config })),
      pause: (id) => called('batches.pause', () => sampleBatch(id, { status: 'paused' })),
      resume: (id) => called('batches.resume', () => sampleBatch(id)),
      stop: (id) => called('batches.stop', () => sampleBatch(id, { status: 'complete' })),
      cancelRetry: ({ shotId, phase }) => called('batches.cancelRetry', () => sampleShotPhase(phase, shotId)),
      list: () => called('batches.list', () => [sampleBatch()]),
    },
    attempts: {
      ofBatch: () => called('attempts.ofBatch', () => ({ seq: journal.lastSeq(), attempts: [], next: null })),
      timeline: (id) => called('attempts.timeline', () => ({ attempt: sampleAttempt(id), steps: [], job: null })),
      shotLog: (shotId) =>
        called('attempts.shotLog', () => ({ shotId, explanation: '', attempts: [], lines: [], truncated: false })),
      explanations: (ids) => called('attempts.explanations', () => Object.fromEntries(ids.map((id) => [id, 'So.']))),
      inDoubt: () => called('attempts.inDoubt', () => ({ seq: journal.lastSeq(), doubts: [] })),
      reconcile: (id) => called('attempts.reconcile', () => sampleDoubt(id)),
      lookAgain: () => called('attempts.lookAgain', () => []),
      settleDoubt: (id) => called('attempts.settleDoubt', () => sampleAttempt(id)),
      jobsOut: () => called('attempts.jobsOut', () => []),
      callOff: (id) => called('attempts.callOff', () => sampleAttempt(id)),
      deliver: () => called('attempts.deliver', () => sampleShotPhase('previs')),
    },
    refs: {
      list: () => called('refs.list', () => ({ seq: journal.lastSeq(), subjects: [] })),
      inspect: (_slot, uploadId) =>
        called('refs.inspect', () => {
          const { sha256, fileName, sizeBytes } = uploads.find(uploadId);
          return { uploadId, sha256, fileName, sizeBytes, width: 64, height: 64, mimeType: 'image/png', warnings: [] };
        }),
      promote: (slot) => called('refs.promote', () => samplePromotion(slot)),
      undo: (slot) => called('refs.undo', () => samplePromotion(slot)),
    },
    handoff: {
      exportEpisode: () =>
        called('handoff.exportEpisode', () => ({
          manifestPath: 'output/manifests/EP001_manifest.json',
          manifestJsonlPath: 'output/manifests/provenance_manifest.jsonl',
          selectsPath: 'output/selects/EP001',
          takes: 1,
          selects: 0,
        })),
    },
    learning: {
      report: () =>
        called('learning.report', () => ({
          seq: journal.lastSeq(),
          report: { status: 'no_data', message: 'Nothing has been learned yet.' },
        })),
      shared: () => called('learning.shared', () => ({ findings: [], displayPath: '/demo/learnings.json' })),
      share: () =>
        called('learning.share', () => ({ added: 0, shared: { findings: [], displayPath: '/demo/learnings.json' } })),
      flush: () => called('learning.flush', () => undefined),
    },
    journal,
    media: {
      take: (takeId, view) => called('media.take', () => file(`${takeId}/${view}`)),
      ref: (sha256) => called('media.ref', () => file(hexOf(sha256))),
    },
  };
}

/** The hash that the samples carry, as an ETag. */
export const sampleEtag = hexOf(sampleHash);
