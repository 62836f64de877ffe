/** Addresses that fal names: of a request, with owner and app only, and of a file. */
import type { Job } from '../core/job.ts';

/** "fal-ai/veo3.1/image-to-video" → "fal-ai/veo3.1": what the urls of a request name. */
export function appOf(endpoint: string): string {
  return endpoint.split('/').slice(0, 2).join('/');
}

/** The three addresses that fal names for a request. */
export function urlsOf(origin: string, { id, endpoint }: Job) {
  const response = `${origin}/fal-queue/${appOf(endpoint)}/requests/${id}`;
  return { response_url: response, status_url: `${response}/status`, cancel_url: `${response}/cancel` };
}

/** The address of a job's nth result, or of an upload. */
export function falFileUrl(origin: string, id: string, name: string): string {
  return `${origin}/fal-cdn/files/b/${id}/${encodeURIComponent(name)}`;
}
