/** Pictures of the Gemini API: they come with the answer, or the reason why there is none does. */
import { type AnsweredPictures, keepAnsweredPictures } from '../answered-pictures.ts';
import type { ApiClient } from '../http/api-client.ts';
import { EmptyAnswerError } from '../http/http-errors.ts';
import type { GoogleMaker } from './google-clips.ts';
import { contentSchema, readContent } from './google-images.ts';

/** a picture of 4K takes minutes, and comes as base64 */
const patience = { timeouts: { headersMs: 300_000 }, maxAnswerBytes: 96 * 1024 * 1024 };

/** Makes pictures, kept in the provider's folder of the project until they are takes. */
export function makePictures(client: ApiClient, folder: string): GoogleMaker & AnsweredPictures {
  const pictures = keepAnsweredPictures({ title: client.title, prefix: 'goo', folder });
  return {
    ...pictures,
    async send(call, { reservation }, signal) {
      const answer = await client.json({ ...call, ...patience }, contentSchema, signal);
      const content = readContent(answer);
      if (content.kind === 'none') throw new EmptyAnswerError(content.failure, 0);
      return pictures.accept(reservation, content.base64, answer.responseId ?? null);
    },
  };
}
