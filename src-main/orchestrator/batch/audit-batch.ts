/** What a batch would send, request by request, before anything is spent: the payloads as adapters build them. */
import type { BatchConfig, EstimateLine } from '../../../src-shared/domain/batch.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import type { InputUrls, ProviderPayload } from '../ports/provider.ts';
import { type ComposeDeps, composeRequest } from '../request/compose-request.ts';
import { estimateInSlices } from './estimate-batch.ts';

export interface AuditLine extends EstimateLine {
  workflow: string | null;
  endpoint: string | null;
  /** as it would go over the wire, files as their SHA-256; null where nothing would be sent */
  payload: ProviderPayload | null;
}

/** A file that has not been uploaded stands as its hash. */
const nothingUploaded: InputUrls = new Map();

/** The lines of an estimate with what each would send. The seed is drawn when a request is bound: it stands as 0 here. */
export async function* auditInSlices(
  deps: ComposeDeps,
  config: BatchConfig,
  shots: readonly Shot[],
): AsyncGenerator<AuditLine[], void, void> {
  const byId = new Map(shots.map((shot) => [shot.id, shot]));
  for await (const lines of estimateInSlices(deps, config, shots)) {
    yield lines.map((line) => auditLine(deps, config, { line, shot: byId.get(line.shotId) }));
  }
}

function auditLine(
  deps: ComposeDeps,
  config: BatchConfig,
  { line, shot }: { line: EstimateLine; shot: Shot | undefined },
): AuditLine {
  const order = { phase: line.phase, provider: config.provider, seed: 0, startFrame: 'planned' as const };
  const composed = shot && composeRequest(deps, { ...order, shot });
  if (composed?.kind !== 'composed') return { ...line, workflow: null, endpoint: null, payload: null };
  const { request, adapter } = composed;
  const { workflowId: workflow, endpoint } = request;
  return { ...line, workflow, endpoint, payload: adapter.payload(request, nothingUploaded) };
}
