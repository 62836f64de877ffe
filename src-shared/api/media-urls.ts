/**
 * Addresses of bytes on the HTTP face. Media is asked for by project and take id, never by path; the hash in the query
 * makes an address immutable, so that it can be cached for ever.
 */
import { hexOf, type Sha256, shortHash } from '../domain/hash.ts';

export const mediaViews = ['original', 'poster', 'filmstrip', 'proxy'] as const;
export type MediaView = (typeof mediaViews)[number];

export function takeMediaUrl(projectId: string, take: { id: string; sha256: Sha256 }, view: MediaView): string {
  return `/media/${projectId}/takes/${take.id}/${view}?h=${shortHash(take.sha256)}`;
}

/** A recorded hero, present or past, by its hash. */
export function refMediaUrl(projectId: string, sha256: Sha256): string {
  return `/media/${projectId}/refs/${hexOf(sha256)}`;
}

/** An upload that has not been used yet, for previews. */
export function uploadMediaUrl(uploadId: string): string {
  return `/media/uploads/${uploadId}`;
}

/** POST the bytes here; header `x-file-name` carries the URI-encoded name. The answer is an upload receipt. */
export const uploadPath = '/upload';
