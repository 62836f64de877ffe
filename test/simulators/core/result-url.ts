/** Where results of the providers without a store of their own lie: `/files/<provider>/<job>/<name>`, open to all and closed to keys. */
import type { Job } from './job.ts';
import { providerNames } from './job.ts';
import type { Mount } from './mount.ts';
import { bytes, type Reply } from './reply.ts';
import { resultName, serveResult } from './result-file.ts';
import { isWithoutKey } from './sim-key.ts';

export function resultUrl(origin: string, job: Job, index = 0): string {
  return `${origin}/files/${job.provider}/${job.id}/${resultName(job, index)}`;
}

/** What storage answers to a key beside its own signature. */
export function keyGivenAway(): Reply {
  return bytes(400, Buffer.from('<Error><Code>InvalidArgument</Code><Message>No key belongs here.</Message></Error>'));
}

export const filesMount: Mount = {
  prefix: 'files',
  provider: null,
  isLetIn: isWithoutKey,
  refused: keyGivenAway,
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
