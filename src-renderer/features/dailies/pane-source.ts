import { takeMediaUrl } from '../../../src-shared/api/media-urls.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import { phasePhrases } from '../../../src-shared/phrases.ts';
import type { PaneSource } from '../../player/player-types.ts';
import { posterUrlOf } from './take-picture.ts';

/** What a pane needs to show a take. The label goes onto the picture: side, take and phase, in every mode. */
export function paneSourceOf(projectId: string, take: Take, side: 'A' | 'B'): PaneSource {
  const { probe, prepared } = take;
  return {
    takeId: take.id,
    kind: probe.kind === 'still' ? 'still' : 'clip',
    url: takeMediaUrl(projectId, take, 'original'),
    proxyUrl: prepared?.proxy ? takeMediaUrl(projectId, take, 'proxy') : null,
    posterUrl: posterUrlOf(projectId, take),
    frameRate: probe.frameRate,
    frameCount: probe.frameCount,
    width: probe.width,
    height: probe.height,
    rotation: probe.rotation,
    playability: probe.playability,
    label: `${side} · ${take.id} · ${phasePhrases[take.phase]}`,
  };
}

/** Poster, filmstrip or proxy are still to be made. */
export function needsPreparing(take: Take): boolean {
  if (take.probe.playability === 'unreadable' || take.probe.kind === 'audio') return false;
  if (take.prepared === null) return true;
  return take.probe.playability === 'proxy-needed' && !take.prepared.proxy;
}
