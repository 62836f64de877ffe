import type { Motion } from './frame-reader.ts';

export interface DecodingSituation {
  motion: Motion;
  /** `resting` once the playhead has stood on one frame for a moment */
  pace: 'moving' | 'resting';
  hasOriginal: boolean;
  hasProxy: boolean;
  /** the playhead's frame is cached from the original */
  isSharp: boolean;
  /** play shows the proxy even where the original is cached */
  prefersProxy: boolean;
}

/** How many frames around the playhead to hold from each file; 0 leaves it alone. */
export interface DecodingPlan {
  original: number;
  proxy: number;
  /** how many of them are decoded for; the others are kept when decoding comes by them */
  targets: number;
}

const all = Number.POSITIVE_INFINITY;
/** a group of pictures: what decoding one frame of the original passes through anyway */
const group = 48;
/** a few frames either way, for the next step */
const neighbours = 5;
/** what the next few steps may ask for */
const steps = 12;
/** what a drag may reach before the next request */
const dragged = 24;

/**
 * Which file decodes how much. While the playhead moves only what is seen next is decoded, from the proxy if there is
 * one; where it rests, first its own frame from the original, then everything around it.
 */
export function planDecoding(situation: DecodingSituation): DecodingPlan {
  const { motion, pace } = situation;
  const isSettled = motion === 'play' || pace === 'resting';
  // A window that slid along with every step would decode a whole group for the one frame at its far end.
  return { ...divide(situation), targets: isSettled ? all : motion === 'scrub' ? dragged : steps };
}

function divide(situation: DecodingSituation): { original: number; proxy: number } {
  const { motion, pace, hasOriginal, hasProxy, isSharp, prefersProxy } = situation;
  if (!hasProxy) return { original: pace === 'resting' || motion === 'play' ? all : group, proxy: 0 };
  if (!hasOriginal) return { original: 0, proxy: pace === 'resting' || motion === 'play' ? all : dragged };
  if (motion === 'play') return prefersProxy ? { original: 0, proxy: all } : { original: all, proxy: 0 };
  if (motion === 'scrub') return isSharp ? { original: group, proxy: 0 } : { original: 0, proxy: dragged };
  if (pace === 'moving') return isSharp ? { original: group, proxy: 0 } : { original: 0, proxy: neighbours };
  return isSharp ? { original: group, proxy: all } : { original: 1, proxy: 0 };
}
