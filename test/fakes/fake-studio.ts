/** A Studio for hosts: the services in memory, and folders that can be added. */
import type { CreateStudio, ProjectServices, Studio, StudioOptions } from '../../src-main/api/studio-services.ts';
import { AppError } from '../../src-main/platform/app-error.ts';
import type { Batch } from '../../src-shared/domain/batch.ts';
import { createFakeStudio, type FakeStudio } from './fake-studio-services.ts';

export interface FakeHostStudio extends FakeStudio, Studio {
  readonly added: string[];
  readonly closed: boolean;
}

/** Makes Studios whose one project is `demo`; `change` may replace services of it. */
export function fakeStudioMaker(folder: string, change?: (project: ProjectServices) => Partial<ProjectServices>) {
  const asked: StudioOptions[] = [];
  const services = createFakeStudio(folder);
  const project = { ...services.project('demo'), ...change?.(services.project('demo')) };
  const added: string[] = [];
  let closed = false;
  const studio: FakeHostStudio = Object.assign(Object.create(services) as FakeStudio, {
    added,
    get closed() {
      return closed;
    },
    project: (id: string) => (id === 'demo' ? project : services.project(id)),
    async addProject(path: string) {
      if (path.endsWith('in-use')) {
        throw new AppError({ code: 'project.in-use', message: 'Another process has it.', hint: 'Close it there.' });
      }
      if (path.endsWith('missing')) throw new AppError({ code: 'project.not-found', message: 'Not there.' });
      added.push(path);
      const known = (await services.projects.list())[0];
      if (!known) throw new Error('the fake has one project');
      return known;
    },
    async close() {
      closed = true;
      await services.uploads.close();
    },
  });
  const create: CreateStudio = async (options) => {
    asked.push(options);
    return studio;
  };
  return { create, asked, studio, isClosed: () => closed };
}

/** Batches that a test moves along; every change is a commit of the journal. */
export function scriptedBatches(services: ProjectServices, steps: (batch: Batch) => Batch[]) {
  let batches: Batch[] = [];
  const change = (batch: Batch) => {
    batches = [...batches.filter(({ id }) => id !== batch.id), batch];
    (services.journal as FakeStudio['journal']).commit(1);
  };
  const play = (batch: Batch) => {
    change(batch);
    const rest = steps(batch);
    const next = () => {
      const step = rest.shift();
      if (step === undefined) return;
      change(step);
      setImmediate(next);
    };
    setImmediate(next);
    return batch;
  };
  return { change, play, current: () => batches };
}
