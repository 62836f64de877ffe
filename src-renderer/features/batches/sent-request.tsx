import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import { Facts } from '../../ui/field-list.tsx';
import { CopyTextButton, HashText } from '../../ui/hash-text.tsx';

/** What the provider was told, or was to be: the request as it was recorded before anything left, its files by their hash. */
export function SentRequest({ attempt, wasSent }: { attempt: Attempt; wasSent: boolean }) {
  const { request } = attempt;
  const files = request.startFrame ? [...request.refs, { ...request.startFrame, role: 'Start frame' }] : request.refs;
  const billed = attempt.actualMicroUsd === null ? 'not settled' : formatUsd(attempt.actualMicroUsd);
  const title = wasSent ? 'What was sent' : 'What was to be sent';
  return (
    <section aria-label={title} className="mt-2 border-t pt-2">
      <header className="mb-1 flex items-center justify-between">
        <h4 className="text-xs font-semibold text-dim">{title}</h4>
        <CopyTextButton text={JSON.stringify(request, null, 2)}>Copy JSON</CopyTextButton>
      </header>
      <Facts
        rows={[
          ['Engine', `${request.provider} · ${request.endpoint}`],
          ['Model', request.model],
          ['Workflow', request.workflowId],
          ['Job', attempt.providerJobId ?? (wasSent ? 'no id is known' : 'nothing has left this machine')],
          [
            'Price',
            `${formatUsd(attempt.reservedMicroUsd)} reserved, ${billed}${attempt.actualMicroUsd === null ? '' : ' billed'}`,
          ],
          ['Prompt', <span key="prompt">{request.prompt}</span>],
          ['Negative', request.negativePrompt === '' ? 'none' : request.negativePrompt],
          ['Seed', request.seed === null ? 'this engine takes none' : String(request.seed)],
          ['Parameters', <Json key="params" value={request.params} />],
          ['Output', outputOf(request.output)],
          ['Hash', <HashText key="hash" hash={attempt.requestSha256} label="hash of the request" />],
        ]}
      />
      <h4 className="mt-2 mb-1 text-xs font-semibold text-dim">Files ({files.length})</h4>
      {files.length === 0 ? <p className="text-sm text-faint">none</p> : null}
      <ul className="space-y-1">
        {files.map(({ role, path, hash }) => (
          <li key={`${role}/${hash}`}>
            <p className="text-sm" title={path}>
              {role}
            </p>
            <HashText hash={hash} label={`hash of ${role}`} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Json({ value }: { value: Attempt['request']['params'] }) {
  const entries = Object.entries(value);
  if (entries.length === 0) return 'none';
  return (
    <ul className="space-y-0.5">
      {entries.map(([name, set]) => (
        <li key={name}>
          <span className="text-dim">{name}</span> {typeof set === 'string' ? set : JSON.stringify(set)}
        </li>
      ))}
    </ul>
  );
}

function outputOf({ kind, width, height, frameRate, durationSeconds, audio }: Attempt['request']['output']): string {
  const size = `${width} × ${height}`;
  if (kind === 'still') return `still, ${size}`;
  const rate = frameRate.den === 1 ? String(frameRate.num) : `${frameRate.num}/${frameRate.den}`;
  return `${durationSeconds ?? '?'} s, ${size}, ${rate} fps${audio ? ', with sound' : ''}`;
}
