import type { MediaProbe } from '../../../src-shared/domain/media.ts';
import type { AudioMetrics } from '../../../src-shared/domain/media-metrics.ts';
import type { Check } from '../gate.ts';
import { makeCheck, short } from './check.ts';
import type { MechanicalPolicy } from './policy.ts';

/** Checks of a clip's sound, only where sound was asked for. */
export function checkSound(probe: MediaProbe, audio: AudioMetrics | null, policy: MechanicalPolicy): Check[] {
  if (!probe.hasAudio) {
    return [
      makeCheck({ metric: 'sound', status: 'fail', value: false, message: 'Sound was asked for and there is none.' }),
    ];
  }
  if (audio === null || audio.rmsDb.length === 0) {
    const message = 'There is a sound track that cannot be measured.';
    return [makeCheck({ metric: 'silence', status: 'unmeasurable', value: null, message })];
  }
  return [checkSilence(audio, policy), checkClipping(audio, policy)];
}

function checkSilence(audio: AudioMetrics, policy: MechanicalPolicy): Check {
  const { silentBelowDb, reviewShare, failShare } = policy.audio;
  const silent = audio.rmsDb.filter((level) => level === null || level < silentBelowDb).length;
  const share = silent / audio.rmsDb.length;
  return makeCheck({
    metric: 'silence',
    status: share > failShare ? 'fail' : share > reviewShare ? 'review' : 'pass',
    value: share,
    threshold: `≤ ${reviewShare}`,
    message:
      share === 1 ? 'The sound track is silent.' : `The sound is silent for ${short(share * 100)} % of the clip.`,
  });
}

function checkClipping(audio: AudioMetrics, policy: MechanicalPolicy): Check {
  const { clipPeakDb, clipFlatFactor } = policy.audio;
  const clipped = audio.peakDb !== null && audio.peakDb >= clipPeakDb && audio.flatFactor > clipFlatFactor;
  return makeCheck({
    metric: 'clipping',
    status: clipped ? 'fail' : 'pass',
    value: audio.peakDb,
    unit: 'dBFS',
    threshold: `< ${clipPeakDb} or flat factor ≤ ${clipFlatFactor}`,
    message: 'The sound is cut off at full scale.',
  });
}
