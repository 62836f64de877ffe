import type { MediaProbe } from '../../src-shared/domain/media.ts';

/** What a reader of containers finds out about a film or a sound; unknown is null. */
export interface StreamFacts
  extends Pick<
    MediaProbe,
    | 'width'
    | 'height'
    | 'rotation'
    | 'durationSeconds'
    | 'frameRate'
    | 'frameCount'
    | 'videoCodec'
    | 'pixelFormat'
    | 'audioCodec'
    | 'problem'
  > {
  hasVideo: boolean;
  /** damaged or locked so that no picture can come out */
  hopeless: boolean;
}

export const noFacts: StreamFacts = {
  hasVideo: false,
  hopeless: false,
  width: null,
  height: null,
  rotation: 0,
  durationSeconds: null,
  frameRate: null,
  frameCount: null,
  videoCodec: null,
  pixelFormat: null,
  audioCodec: null,
  problem: null,
};
