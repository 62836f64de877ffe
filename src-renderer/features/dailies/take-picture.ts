import { takeMediaUrl } from '../../../src-shared/api/media-urls.ts';
import type { Take } from '../../../src-shared/domain/take.ts';

/** The poster of a take of which only the id is known. A take never changes, so the id is enough to tell pictures apart. */
export function takePictureUrl(projectId: string, takeId: string): string {
  return `/media/${projectId}/takes/${takeId}/poster`;
}

/** The poster of a take; the take itself when it is a still that has no poster yet; null while there is nothing to show. */
export function posterUrlOf(projectId: string, take: Take): string | null {
  if (take.prepared?.poster) return takeMediaUrl(projectId, take, 'poster');
  const isPlainStill = take.probe.kind === 'still' && take.probe.playability === 'native';
  return isPlainStill ? takeMediaUrl(projectId, take, 'original') : null;
}
