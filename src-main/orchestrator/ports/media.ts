import type { Sha256 } from '../../../src-shared/domain/hash.ts';
import type { MediaProbe, PreparedMedia } from '../../../src-shared/domain/media.ts';

export interface HashedFile {
  sha256: Sha256;
  sizeBytes: number;
}

/** A still picture decoded to its last pixel. `problem` is a sentence when it cannot be used; sizes are 0 then. */
export interface StillInspection {
  mimeType: string;
  /** with its dot, by content and not by name */
  extension: string;
  width: number;
  height: number;
  animated: boolean;
  problem: string | null;
}

/** Work on media files, done in workers and child processes. Paths are absolute. */
export interface MediaWorkshop {
  hash(path: string, signal?: AbortSignal): Promise<HashedFile>;
  /** Copies to a temporary name beside the destination, hashing on the way, flushes, renames. */
  copyAndHash(source: string, destination: string, signal?: AbortSignal): Promise<HashedFile>;
  /** Never throws for bad content: that is `playability: 'unreadable'` with its `problem`. */
  probe(path: string, signal?: AbortSignal): Promise<MediaProbe>;
  /** Never throws for bad content: that is `problem`. */
  inspectStill(path: string): Promise<StillInspection>;
  /** Poster, filmstrip and proxy in the content-addressed cache; done once per hash however often it is asked. */
  prepare(take: { path: string; sha256: Sha256; probe: MediaProbe }, signal?: AbortSignal): Promise<PreparedMedia>;
}
