import type { AudioMetrics } from '../../src-shared/domain/media-metrics.ts';

/** Window of the level meter, in seconds and as the filters that make it (sound is brought to 48 kHz first). */
const levelWindowSeconds = 0.1;
export const levelFilters =
  'aresample=48000,asetnsamples=n=4800:p=0,' +
  'astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level+Peak_level+Flat_factor,' +
  'ametadata=mode=print';

/** Below this a wave is not at full scale and cannot be clipped. */
const fullScaleDb = -0.1;

/** Reads what `ametadata=print` wrote: a `frame:` line per window, then one line per figure. */
export function parseAudioLevels(text: string): AudioMetrics | null {
  const windows = text
    .split(/^frame:.*$/m)
    .slice(1)
    .map(readWindow);
  if (windows.length === 0) return null;
  const peaks = windows.flatMap(({ peak }) => (peak === null ? [] : [peak]));
  const clipped = windows.filter(({ peak }) => peak !== null && peak >= fullScaleDb);
  return {
    windowSeconds: levelWindowSeconds,
    rmsDb: windows.map(({ rms }) => (rms === null ? null : Math.round(rms * 100) / 100)),
    peakDb: peaks.length === 0 ? null : Math.max(...peaks),
    flatFactor: Math.max(0, ...clipped.map(({ flat }) => flat ?? 0)),
  };
}

function readWindow(block: string) {
  const figure = (name: string): number | null => {
    const value = new RegExp(`^lavfi\\.astats\\.Overall\\.${name}=(\\S+)$`, 'm').exec(block)?.[1];
    // "-inf" for silence and "nan" for an empty window are no numbers
    const parsed = Number(value);
    return value !== undefined && Number.isFinite(parsed) ? parsed : null;
  };
  return { rms: figure('RMS_level'), peak: figure('Peak_level'), flat: figure('Flat_factor') };
}
