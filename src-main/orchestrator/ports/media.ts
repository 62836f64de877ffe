import type { Sha256 } from '../../../src-shared/domain/hash.ts';
import type { MediaProbe, PreparedMedia } from '../../../src-shared/domain/media.ts';

export interface HashedFile {
  sha256: Sha256;
  sizeBytes: number;
}

/** Work on media files, done in workers and child processes. Paths are absolute. */
export interface MediaWorkshop {
  hash(path: string, signal?: AbortSignal): Promise<HashedFile>;
  /** Copies to a temporary name beside the destination, hashing on the way, flushes, renames. */
  copyAndHash(source: string, destination: string, signal?: AbortSignal): Promise<HashedFile>;
  /** Never throws for bad content: that is `playability: 'unreadable'` with its `problem`. */
  probe(path: string, signal?: AbortSignal): Promise<MediaProbe>;
  /** Poster, filmstrip and proxy in the content-addressed cache; done once per hash however often it is asked. */
  prepare(take: { path: string; sha256: Sha256; probe: MediaProbe }, signal?: AbortSignal): Promise<PreparedMedia>;
}
