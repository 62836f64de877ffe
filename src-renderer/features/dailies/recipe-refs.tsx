import { refMediaUrl, takeMediaUrl } from '../../../src-shared/api/media-urls.ts';
import { takeIdOf } from '../../../src-shared/domain/ids.ts';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import type { TakeDetail } from '../../../src-shared/domain/take.ts';
import { Block } from '../../ui/field-list.tsx';
import { HashText } from '../../ui/hash-text.tsx';
import { Poster } from '../../ui/poster.tsx';

/** The references that were sent, each with its picture, role, path and whole hash. */
export function RecipeRefs({ projectId, detail }: { projectId: string; detail: TakeDetail }) {
  const { generation, video } = detail.provenance;
  const startFrame = video?.start_frame ?? null;
  const refs = generation.refs_used;
  return (
    <Block title={`References (${refs.length + (startFrame ? 1 : 0)})`}>
      {refs.length === 0 && startFrame === null ? <p className="text-sm text-faint">none were sent</p> : null}
      <ul className="space-y-2">
        {startFrame ? (
          <RefRow used={{ ...startFrame, role: 'Start frame' }} url={startFrameUrl(projectId, detail, startFrame)} />
        ) : null}
        {refs.map((used) => (
          <RefRow key={`${used.role}/${used.hash}`} used={used} url={refMediaUrl(projectId, used.hash)} />
        ))}
      </ul>
      {detail.take.madeWithOldHero ? (
        <p className="mt-2 text-xs text-eyes">▲ One of these is not the hero any more.</p>
      ) : null}
    </Block>
  );
}

/** A start frame is a take of the same shot, not a hero: its number stands in its file's name. */
function startFrameUrl(projectId: string, { take }: TakeDetail, startFrame: RefUsed): string | null {
  const number = /_T(\d+)_/.exec(startFrame.path)?.[1];
  if (number === undefined) return null;
  return takeMediaUrl(projectId, { id: takeIdOf(take.shotId, Number(number)), sha256: startFrame.hash }, 'original');
}

function RefRow({ used, url }: { used: RefUsed; url: string | null }) {
  return (
    <li className="flex gap-2">
      <Poster url={url} alt={used.role} fallback="—" className="size-14 shrink-0 rounded-xs" />
      <div className="min-w-0 flex-1">
        <p className="text-sm">{used.role}</p>
        <p className="text-selectable font-mono text-2xs break-all text-dim">{used.path}</p>
        <HashText hash={used.hash} label={`hash of ${used.role}`} />
      </div>
    </li>
  );
}
