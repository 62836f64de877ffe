import { batchConfigSchema } from '../../src-shared/domain/batch.ts';
import { shortShotId } from '../../src-shared/domain/ids.ts';
import { formatUsd } from '../../src-shared/domain/money.ts';
import { phasePhrases } from '../../src-shared/phrases.ts';
import type { AuditLine } from '../orchestrator/batch/audit-batch.ts';
import { readEpisode, readPhases, readProvider, readShots } from './read-options.ts';
import { exitCodes, type Verb } from './verb.ts';

export const auditVerb: Verb = {
  name: 'audit',
  usage: '<dir> --episode EP001 --phase previs,keyframe,video [--shots EP001_SH003,…] [--provider NAME]',
  summary: 'what a run would send, request by request, before anything is spent',
  help: [
    'Sends nothing. Files stand as their SHA-256; keys are never part of a request’s body or address.',
    'A seed is drawn when a request is sent: it stands as 0. A start frame that is not made yet is missing.',
    `Exit code ${exitCodes.failed} when a request would be refused.`,
    'JSON: {"requests": [{"shotId", "phase", "provider", "model", "workflow", "endpoint", "costMicroUsd", "refusal",',
    '"payload": {"method", "url", "body"}}], "runnable", "refused", "totalMicroUsd"}',
  ],
  options: {
    episode: { type: 'string' },
    phase: { type: 'string', multiple: true },
    shots: { type: 'string', multiple: true },
    provider: { type: 'string' },
  },
  positionals: { min: 1, max: 1 },
  async run({ input, openProject, stop }) {
    const scope = { episodeId: readEpisode(input), phases: readPhases(input), shotFilter: readShots(input) };
    const provider = readProvider(input);
    const { services } = await openProject();
    const { project } = await services.snapshot(scope.episodeId);
    const config = batchConfigSchema.parse({ ...scope, provider: provider ?? project.default_provider });
    const requests: AuditLine[] = [];
    for await (const lines of await services.batches.audit(config)) {
      stop.throwIfAborted();
      requests.push(...lines);
    }
    const runnable = requests.filter(({ refusal }) => refusal === null);
    const totalMicroUsd = runnable.reduce((sum, { costMicroUsd }) => sum + (costMicroUsd ?? 0), 0);
    const refused = requests.length - runnable.length;
    const value = { requests, runnable: runnable.length, refused, totalMicroUsd };
    const total = `${runnable.length} requests for ${formatUsd(totalMicroUsd)}; ${refused} refused.`;
    const exitCode = refused > 0 ? exitCodes.failed : exitCodes.done;
    return { exitCode, answer: { value, lines: [...requests.flatMap(describe), total] } };
  },
};

function describe({ shotId, phase, provider, model, costMicroUsd, refusal, payload }: AuditLine): string[] {
  const price = costMicroUsd === null ? 'no price' : formatUsd(costMicroUsd);
  const engine = [provider, model].filter(Boolean).join(' ');
  const head = `${shortShotId(shotId)} ${phasePhrases[phase]} · ${engine} · ${price}`;
  const refused = refusal === null ? [] : [`  Refused: ${refusal}`];
  if (payload === null) return [head, ...refused];
  const body = JSON.stringify(payload.body, null, 2).split('\n');
  return [head, ...refused, `  ${payload.method} ${payload.url}`, ...body.map((line) => `  ${line}`)];
}
