/**
 * Kling's own API. It is the one provider that knows a submit again: the attempt's id goes with it as `external_task_id`,
 * and a second submit under the same id is refused. So nothing here stays in doubt for long: the task is asked for by it.
 */
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { InputUrls } from '../../orchestrator/ports/provider.ts';
import { isAbortError } from '../../platform/app-error.ts';
import { urlOf } from '../http/api-client.ts';
import { type CallPurpose, TransportError } from '../http/http-errors.ts';
import { createKeyedClient, type KeyedApi } from '../http/keyed-client.ts';
import { inlineUpTo, inputUrlOf, splitDataUrl } from '../inline-inputs.ts';
import { jobIdOf } from '../kept-results.ts';
import { jobAtPrice } from '../priced-job.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { fetchNamedFile } from '../queued-jobs.ts';
import { createRemoteProvider, type RemoteProvider } from '../remote-provider.ts';
import { isDuplicateId, isUnknownTask, klingAnswerSchema, refineKling, taskFailure, taskIn } from './kling-answers.ts';
import { type KlingEndpoint, klingEndpoints, klingTasksPath } from './kling-endpoints.ts';
import { bearerOf } from './kling-token.ts';

export const klingApi: KeyedApi = { title: 'Kling', sign: bearerOf };
const pollAgainMs = 5000;
const maxPictureBytes = 10 * 1024 * 1024;

/** Makes the adapter of Kling. */
export function createKlingProvider(tools: ProviderTools): RemoteProvider {
  const client = createKeyedClient(klingApi, tools);
  const url = (path: string) => urlOf(tools.baseUrl('api'), path);
  /** Kling finds a task by its own id and by ours. */
  const readTask = async (id: string, purpose: CallPurpose, signal: AbortSignal) => {
    const call = { purpose, method: 'GET', url: url(`${klingTasksPath}/${encodeURIComponent(id)}`) } as const;
    return taskIn(await client.json(call, klingAnswerSchema, signal), purpose);
  };
  /** An earlier submit of this very attempt was taken: its task. A question that fails decides nothing, so it is no "no". */
  const readTaskThatIsThere = (attemptId: string, signal: AbortSignal) =>
    readTask(externalIdOf(attemptId), 'submit', signal).catch((error: unknown) => {
      if (isAbortError(error)) throw error;
      const message = 'Kling has this request already and could not be asked about it.';
      throw new TransportError({ asked: klingApi, sent: true, kind: 'unreadable', message, cause: error });
    });
  return createRemoteProvider(tools, {
    ...{ name: 'kling', title: klingApi.title, endpoints: klingEndpoints, refine: refineKling },
    capabilities: {
      ...{ reconcile: 'byId', freeCancel: 'none' },
      // results are cleaned away after thirty days
      ...{ resultTtlMs: 30 * 24 * 3_600_000, concurrency: 3 },
    },
    needsStartFrame: () => true,
    promptOf: ({ prompt }) => prompt,
    upload: inlineUpTo(maxPictureBytes, { ...klingApi, ...tools }),
    payload: (request, endpoint, inputs) => ({ url: url(klingTasksPath), body: bodyOf(request, endpoint, inputs) }),
    markOf: (attemptId) => ({ external_task_id: externalIdOf(attemptId) }),
    async send(call, { reservation: { attemptId, amountMicroUsd } }, signal) {
      try {
        const answer = await client.json(call, klingAnswerSchema, signal);
        return jobAtPrice(taskIn(answer, 'submit').task_id, amountMicroUsd);
      } catch (error) {
        if (!isDuplicateId(error)) throw error;
        return jobAtPrice((await readTaskThatIsThere(attemptId, signal)).task_id, amountMicroUsd);
      }
    },
    async poll(job, signal) {
      const task = await readTask(job.id, 'poll', signal);
      switch (task.task_status) {
        case 'submitted':
        case 'processing':
          return { kind: 'pending', progress: null, pollAgainMs };
        case 'succeed':
          return { kind: 'done' };
        case 'failed':
          return { kind: 'failed', failure: taskFailure(task), billedMicroUsd: 0 };
      }
    },
    fetchResult: fetchNamedFile(client, async (job, signal) => {
      const clip = (await readTask(job.id, 'fetch', signal)).task_result?.videos?.[0];
      return clip ?? null;
    }),
    async reconcile({ id, reservedMicroUsd }, signal) {
      try {
        const { task_id } = await readTask(externalIdOf(id), 'list', signal);
        return { kind: 'found', job: jobAtPrice(task_id, reservedMicroUsd) };
      } catch (error) {
        if (isUnknownTask(error)) return { kind: 'absent' };
        throw error;
      }
    },
  });
}

function externalIdOf(attemptId: string): string {
  return jobIdOf('ct', attemptId);
}

function bodyOf(request: GenerationRequest, endpoint: KlingEndpoint, inputs: InputUrls): Record<string, unknown> {
  const { startFrame, negativePrompt, output } = request;
  return {
    model_name: endpoint.modelName,
    ...endpoint.params.parse(request.params),
    duration: String(output.durationSeconds),
    prompt: request.prompt,
    ...(negativePrompt ? { negative_prompt: negativePrompt } : {}),
    // Kling reads bare base64, without the head of a data url
    ...(startFrame ? { image: splitDataUrl(inputUrlOf(inputs, startFrame)).base64 } : {}),
  };
}
