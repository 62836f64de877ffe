import { type PointerEvent, type ReactNode, useState } from 'react';
import { takeMediaUrl } from '../../../src-shared/api/media-urls.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import { Poster } from '../../ui/poster.tsx';
import { spriteStyle, tileAtFraction, tileBox } from './filmstrip-tile.ts';
import { posterUrlOf } from './take-picture.ts';

/** A take's picture that runs through the clip under the pointer. */
export function FilmstripThumb(props: {
  projectId: string;
  take: Take;
  width: number;
  height: number;
  fallback: ReactNode;
}) {
  const { projectId, take, width, height } = props;
  const [fraction, setFraction] = useState<number | null>(null);
  const strip = take.prepared?.filmstrip ?? null;
  const move = (event: PointerEvent<HTMLSpanElement>) => {
    const rect = event.currentTarget.getBoundingClientRect();
    setFraction(Math.max(0, Math.min(0.9999, (event.clientX - rect.left) / rect.width)));
  };
  const box = strip ? tileBox(strip, { width, height }) : null;
  return (
    <span
      className="relative flex shrink-0 items-center justify-center overflow-hidden bg-well"
      style={{ width, height }}
      onPointerMove={strip ? move : undefined}
      onPointerLeave={() => setFraction(null)}
    >
      <Poster url={posterUrlOf(projectId, take)} alt="" fallback={props.fallback} className="size-full" />
      {strip && box && fraction !== null ? (
        <span className="absolute inset-0 flex items-center justify-center bg-well">
          <span
            style={{
              ...box,
              backgroundImage: `url("${takeMediaUrl(projectId, take, 'filmstrip')}")`,
              ...spriteStyle(strip, tileAtFraction(strip, fraction), box),
            }}
          />
          <span className="absolute bottom-0 left-0 h-0.5 bg-accent" style={{ width: `${fraction * 100}%` }} />
        </span>
      ) : null}
    </span>
  );
}
