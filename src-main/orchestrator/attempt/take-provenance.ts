import type { Attempt, GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import { episodeOfShot, takeIdOf } from '../../../src-shared/domain/ids.ts';
import { type MicroUsd, usdNumber } from '../../../src-shared/domain/money.ts';
import type { ProvenanceRecord } from '../../../src-shared/domain/provenance.ts';
import type { GateResult } from '../../../src-shared/domain/verdict.ts';
import type { HashedFile } from '../ports/media.ts';
import { diffPrompts } from '../request/prompt-diff.ts';

export interface ProvenanceFacts {
  attempt: Attempt;
  project: string;
  takeNumber: number;
  /** relative to the project folder */
  path: string;
  file: HashedFile;
  costMicroUsd: MicroUsd;
  /** ISO time at which the take was recorded */
  at: string;
  /** what the parent take was asked with; null without a parent */
  parent: { prompt: string; negativePrompt: string } | null;
  /** the workflow that a decision replaced for this attempt */
  fallbackFrom: string | null;
}

/** The recipe of a generated take, from the request as it was captured before dispatch. */
export function buildProvenance(facts: ProvenanceFacts): ProvenanceRecord {
  const { attempt } = facts;
  const { request } = attempt;
  const cost = usdNumber(facts.costMicroUsd);
  return {
    take_id: takeIdOf(attempt.shotId, facts.takeNumber),
    shot_id: attempt.shotId,
    episode_id: episodeOfShot(attempt.shotId),
    project: facts.project,
    attempt: attempt.number,
    timestamp: facts.at,
    source: 'generated',
    media: { path: facts.path, sha256: facts.file.sha256, size_bytes: facts.file.sizeBytes },
    generation: generationOf(attempt, facts.fallbackFrom),
    gates: {},
    cost: { [request.phase]: cost, total: cost },
    ...videoBlock(request),
    ...lineageBlock(facts),
  };
}

/** The record with its gates' verdicts; generation + gates = total. */
export function withGates(record: ProvenanceRecord, results: readonly GateResult[]): ProvenanceRecord {
  const gates = Object.fromEntries(
    results.map((result) => [
      result.gate,
      {
        passed: result.status === 'pass',
        reason: result.reason,
        cost: usdNumber(result.costMicroUsd),
        deferred: result.status === 'deferred' || result.status === 'unmeasurable',
      },
    ]),
  );
  const generation = record.cost[record.generation.phase] ?? 0;
  const gateCost = usdNumber(results.reduce((sum, result) => sum + result.costMicroUsd, 0));
  const total = Math.round((generation + gateCost) * 10_000) / 10_000;
  return { ...record, gates, cost: { ...record.cost, ...(gateCost > 0 ? { gates: gateCost } : {}), total } };
}

function generationOf(attempt: Attempt, fallbackFrom: string | null): ProvenanceRecord['generation'] {
  const { request } = attempt;
  return {
    phase: request.phase,
    provider: request.provider,
    model: request.model,
    endpoint: request.endpoint,
    workflow: request.workflowId,
    ...(fallbackFrom === null ? {} : { fallback_from: fallbackFrom }),
    provider_job_id: attempt.providerJobId,
    prompt: request.prompt,
    negative_prompt: request.negativePrompt,
    seed: request.seed,
    params: request.params,
    refs_used: request.refs,
    request_sha256: attempt.requestSha256,
  };
}

function videoBlock(request: GenerationRequest): Pick<ProvenanceRecord, 'video'> {
  const { durationSeconds } = request.output;
  if (request.phase !== 'video' || durationSeconds === null) return {};
  const { model, prompt, startFrame } = request;
  return { video: { model, prompt, duration: durationSeconds, start_frame: startFrame } };
}

function lineageBlock({ attempt, parent }: ProvenanceFacts): Pick<ProvenanceRecord, 'lineage'> {
  if (attempt.parentTakeId === null) return {};
  return {
    lineage: {
      parent_take: attempt.parentTakeId,
      change_reason: attempt.changeReason ?? 'Another take',
      prompt_diff: parent === null ? '' : diffOf(parent, attempt.request),
    },
  };
}

/** Both prompts, the negative one named where it changed. */
function diffOf(parent: NonNullable<ProvenanceFacts['parent']>, request: GenerationRequest): string {
  const negative = diffPrompts(parent.negativePrompt, request.negativePrompt);
  const parts = [diffPrompts(parent.prompt, request.prompt), negative && `negative: ${negative}`];
  return parts.filter(Boolean).join(' / ');
}
