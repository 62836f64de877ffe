import { type Answer, pngPicture, type SimulatorWorld } from './simulator-world.ts';

export const keyframeEndpoint = 'fal-ai/nano-banana-pro';
export const clipEndpoint = 'fal-ai/bytedance/seedance/v1.5/pro/image-to-video';

export const pictureUrl = `data:image/png;base64,${pngPicture.toString('base64')}`;
/** The shortest and smallest clip there is. */
export const clipInput = { prompt: 'SH001 slow push in', image_url: pictureUrl, duration: '4', resolution: '480p' };

export interface FalJob {
  request_id: string;
  response_url: string;
  status_url: string;
  cancel_url: string;
}

export interface FalStatus extends FalJob {
  status: string;
  logs: object[] | null;
  metrics?: object;
}

export interface FalFile {
  url: string;
  file_size: number;
}

export interface FalResult {
  seed?: number;
  images: FalFile[];
  video: FalFile;
  detail: { type: string }[];
}

/** The calls of fal's queue as a client makes them. */
export function falClient({ ask, simulator }: SimulatorWorld) {
  const { queue } = simulator.urls.fal;
  const status = (job: FalJob, query = '') => ask<FalStatus>('GET', `${job.status_url}${query}`);
  return {
    /** fal is told not to try again by itself, unless other headers are given. */
    submit: (
      input: unknown = { prompt: 'SH001 a quay at dawn' },
      endpoint = keyframeEndpoint,
      headers: Record<string, string> = { 'x-fal-no-retry': '1' },
    ) => ask<FalJob & FalResult>('POST', `${queue}/${endpoint}`, input, headers),
    status,
    result: (job: FalJob) => ask<FalResult>('GET', job.response_url),
    cancel: (job: FalJob) => ask<{ status: string }>('PUT', job.cancel_url),
    /** Asks until the job is over; the last status. */
    finish: async (job: FalJob): Promise<Answer<FalStatus>> => {
      for (let question = 0; question < 20; question += 1) {
        const answer = await status(job);
        if (answer.status === 200) return answer;
      }
      throw new Error('The job does not end.');
    },
  };
}
