/** Where results of the providers without a store of their own lie: `/files/<provider>/<job>/<name>`, open to all. */
import type { Job } from './job.ts';
import { providerNames } from './job.ts';
import type { Mount } from './mount.ts';
import { bytes } from './reply.ts';
import { resultName, serveResult } from './result-file.ts';

export function resultUrl(origin: string, job: Job, index = 0): string {
  return `${origin}/files/${job.provider}/${job.id}/${resultName(job, index)}`;
}

export const filesMount: Mount = {
  prefix: 'files',
  provider: null,
  handle: async (world, { path }) => {
    const [, provider = '', id = '', name = ''] = path.split('/');
    const known = providerNames.find((candidate) => candidate === provider);
    const job = known ? world.store.job(known, id) : null;
    const index = Number.parseInt(name, 10);
    return job && name === resultName(job, index)
      ? serveResult(world, job, index)
      : bytes(404, Buffer.from('Not Found'));
  },
};
