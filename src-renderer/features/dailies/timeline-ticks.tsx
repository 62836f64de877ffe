import { memo } from 'react';
import { type FrameRate, nominalRate } from '../../../src-shared/domain/timecode.ts';
import { tickFrames } from './timeline-geometry.ts';

/** Marks of frames and seconds, as many as the width can bear. */
export const TimelineTicks = memo(function TimelineTicks({
  count,
  rate,
  width,
}: {
  count: number;
  rate: FrameRate;
  width: number;
}) {
  const { frames, labelled } = tickFrames(count, nominalRate(rate), width);
  const left = (frame: number) => `${(frame / count) * 100}%`;
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-x-0 top-0 h-full overflow-hidden">
      {frames.map((frame) => (
        <span
          key={frame}
          className={labelled.has(frame) ? 'absolute top-0 h-3 w-px bg-faint' : 'absolute top-0 h-1.5 w-px bg-edge'}
          style={{ left: left(frame) }}
        />
      ))}
      {[...labelled].map((frame) => (
        <span key={frame} className="tabular absolute top-2 pl-1 text-2xs text-faint" style={{ left: left(frame) }}>
          {frame}
        </span>
      ))}
    </div>
  );
});
