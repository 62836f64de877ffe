import type { TakeDetail } from '../../../src-shared/domain/take.ts';
import { phasePhrases, takeSourcePhrases } from '../../../src-shared/phrases.ts';
import { desktopShell } from '../../api/desktop-shell.ts';
import { Button } from '../../ui/button.tsx';
import { showBytes } from '../../ui/bytes-text.ts';
import { Block, Facts } from '../../ui/field-list.tsx';
import { CopyButton, CopyTextButton, HashText } from '../../ui/hash-text.tsx';
import { dayAndTime } from '../../ui/time-text.ts';
import { showRate } from './frame-text.ts';
import { RecipeCosts } from './recipe-costs.tsx';
import { RecipeRefs } from './recipe-refs.tsx';
import { VerifyPanel } from './verify-panel.tsx';

/** Everything that is recorded of how a take was made. */
export function RecipeTab({ projectId, detail }: { projectId: string; detail: TakeDetail }) {
  const { take, provenance } = detail;
  const { generation, media, lineage, human_review: review } = provenance;
  return (
    <>
      <Block
        title={take.id}
        action={<CopyTextButton text={JSON.stringify(provenance, null, 2)}>Copy JSON</CopyTextButton>}
      >
        <Facts
          rows={[
            ['Phase', phasePhrases[generation.phase]],
            ['Source', `${takeSourcePhrases[provenance.source]}${provenance.rehearsal ? ' · Rehearsal' : ''}`],
            ['Provider', generation.provider],
            ['Model', generation.model],
            ['Endpoint', generation.endpoint],
            ['Workflow', generation.workflow],
            ['Seed', generation.seed],
            ['Attempt', provenance.attempt],
            ['Made', dayAndTime(provenance.timestamp)],
            ['Job id', generation.provider_job_id],
          ]}
        />
      </Block>
      <VerifyPanel key={take.id} projectId={projectId} takeId={take.id} />
      <Block title="Prompt" action={<CopyButton text={generation.prompt} label="Copy the prompt" />}>
        <LongText text={generation.prompt} />
      </Block>
      <Block title="Negative prompt">
        <LongText text={generation.negative_prompt} />
      </Block>
      {provenance.video && provenance.video.prompt !== generation.prompt ? (
        <Block title="Video prompt">
          <LongText text={provenance.video.prompt} />
        </Block>
      ) : null}
      <Block title="Parameters">
        <Facts rows={Object.entries(generation.params).map(([name, value]) => [name, showValue(value)] as const)} />
        {Object.keys(generation.params).length === 0 ? <p className="text-sm text-faint">none</p> : null}
      </Block>
      <RecipeRefs projectId={projectId} detail={detail} />
      <Block title="Media" action={<RevealButton projectId={projectId} takeId={take.id} />}>
        <Facts rows={mediaRows(detail)} />
        <div className="mt-2 space-y-2">
          <Hash name="SHA-256 of the take" hash={media.sha256} />
          {generation.request_sha256 === null ? null : (
            <Hash name="SHA-256 of the request" hash={generation.request_sha256} />
          )}
        </div>
      </Block>
      <RecipeCosts provenance={provenance} />
      {lineage ? (
        <Block title="Lineage">
          <Facts
            rows={[
              ['Parent', lineage.parent_take],
              ['Why', lineage.change_reason],
              ['Changed', lineage.prompt_diff],
            ]}
          />
        </Block>
      ) : null}
      {review ? (
        <Block title="Director">
          <Facts
            rows={Object.entries(review).map(([name, value]) => [name.replaceAll('_', ' '), showValue(value)] as const)}
          />
        </Block>
      ) : null}
    </>
  );
}

function mediaRows({ take, displayPath }: TakeDetail) {
  const { probe } = take;
  const size = probe.width === null || probe.height === null ? null : `${probe.width} × ${probe.height}`;
  const length = probe.frameCount === null ? null : `${probe.frameCount} frames`;
  return [
    ['File', <PathText key="path" path={displayPath} />],
    ['Picture', size],
    [
      'Length',
      probe.kind === 'still'
        ? 'still'
        : [length, probe.frameRate && `${showRate(probe.frameRate)} fps`].filter(Boolean).join(' · '),
    ],
    ['Codec', [probe.videoCodec, probe.pixelFormat, probe.container].filter(Boolean).join(' · ')],
    ['Sound', probe.hasAudio ? (probe.audioCodec ?? 'yes') : 'none'],
    ['Size', showBytes(probe.sizeBytes)],
  ] as const;
}

function RevealButton({ projectId, takeId }: { projectId: string; takeId: string }) {
  if (desktopShell === null) return null;
  return (
    <Button tone="quiet" className="h-6" onClick={() => void desktopShell?.reveal(projectId, takeId)}>
      Show in folder
    </Button>
  );
}

function PathText({ path }: { path: string }) {
  return (
    <span className="flex items-start gap-1">
      <span className="min-w-0 flex-1 font-mono text-xs break-all">{path}</span>
      <CopyButton text={path} label="Copy the path" />
    </span>
  );
}

function LongText({ text }: { text: string }) {
  if (text === '') return <p className="text-sm text-faint">none</p>;
  return <p className="text-selectable text-sm leading-[18px] whitespace-pre-wrap text-soft">{text}</p>;
}

function Hash({ name, hash }: { name: string; hash: string }) {
  return (
    <div>
      <p className="text-xs text-dim">{name}</p>
      <HashText hash={hash} label={name} />
    </div>
  );
}

function showValue(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
