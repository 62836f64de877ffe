/** Clips of the Gemini API: each is a long-running operation that is asked for by its name. */
import type { ProviderAdapter, ProviderJob } from '../../orchestrator/ports/provider.ts';
import { type ApiClient, urlOf } from '../http/api-client.ts';
import { type CallPurpose, ReadFailure } from '../http/http-errors.ts';
import { failureOf } from '../http/read-errors.ts';
import { fetchNamedFile, sendForId } from '../queued-jobs.ts';
import type { SendJob } from '../remote-provider.ts';
import { operationNameSchema, operationSchema, readOperation, startedSchema } from './google-video.ts';

const pollAgainMs = 10_000;

/** What is made, asked for and fetched in one way. */
export interface GoogleMaker extends Pick<ProviderAdapter, 'poll' | 'fetchResult'> {
  send: SendJob;
}

/** Whether a job is a clip: a picture has a name of ours. */
export function isOperation({ id }: ProviderJob): boolean {
  return operationNameSchema.safeParse(id).success;
}

/** Makes clips. `baseUrl`: Google's own, where the key may go. */
export function makeClips(client: ApiClient, baseUrl: () => string): GoogleMaker {
  const readState = async ({ id }: ProviderJob, purpose: CallPurpose, signal: AbortSignal) => {
    const call = { purpose, method: 'GET', url: urlOf(baseUrl(), `v1beta/${operationNameSchema.parse(id)}`) } as const;
    return readOperation(await client.json(call, operationSchema, signal));
  };
  return {
    send: sendForId(client, startedSchema),
    async poll(job, signal) {
      const state = await readState(job, 'poll', signal);
      switch (state.kind) {
        case 'running':
          return { kind: 'pending', progress: null, pollAgainMs };
        case 'made':
          return { kind: 'done' };
        case 'failed':
          return { kind: 'failed', failure: state.failure, billedMicroUsd: 0 };
      }
    },
    fetchResult: fetchNamedFile(client, async (job, signal) => {
      const state = await readState(job, 'fetch', signal);
      if (state.kind === 'failed') throw new ReadFailure(state.failure);
      if (state.kind === 'running') {
        throw new ReadFailure(failureOf('transient', 'server', 'Google says that the clip is not done any more.'));
      }
      // the file is behind the key, on Google's own address only
      return { url: state.uri, ownUrls: [baseUrl()] };
    }),
  };
}
