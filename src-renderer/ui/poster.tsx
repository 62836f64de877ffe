import { type ReactNode, useState } from 'react';
import { classNames } from './class-names.ts';

/** A small still that shows its stand-in until the picture is there, and when there is none. */
export function Poster(props: { url: string | null; alt: string; fallback?: ReactNode; className?: string }) {
  const [seen, setSeen] = useState<{ url: string | null; ok: boolean }>({ url: null, ok: false });
  const shown = seen.url === props.url && seen.ok;
  return (
    <span className={classNames('relative flex items-center justify-center overflow-hidden bg-well', props.className)}>
      {shown ? null : <span className="text-2xs text-faint">{props.fallback}</span>}
      {props.url === null ? null : (
        <img
          key={props.url}
          src={props.url}
          alt={shown ? props.alt : ''}
          draggable={false}
          loading="lazy"
          decoding="async"
          onLoad={() => setSeen({ url: props.url, ok: true })}
          onError={() => setSeen({ url: props.url, ok: false })}
          className={classNames('absolute inset-0 size-full object-contain', !shown && 'invisible')}
        />
      )}
    </span>
  );
}
