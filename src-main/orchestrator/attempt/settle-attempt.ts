import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import { rehearsalMark } from '../../../src-shared/domain/project.ts';
import type { ProvenanceRecord } from '../../../src-shared/domain/provenance.ts';
import { fallbackFromOf } from '../request/find-fallback.ts';
import type { Made } from './artefact.ts';
import { concluded, type DispatchDeps, type DispatchOrder, type DispatchOutcome } from './attempt-outcome.ts';
import type { Artefact } from './job-record.ts';
import { buildProvenance } from './take-provenance.ts';

/** Step 6 of the protocol, one transaction: take, provenance, cost, reservation, and the phase's move. */
export function settle(deps: DispatchDeps, order: DispatchOrder, attempt: Attempt, made: Made): DispatchOutcome {
  const { artefact, probe } = made;
  const { shotId, phase, parentTakeId } = attempt;
  const { provider, model, seed } = attempt.request;
  const { path, sha256, costMicroUsd } = artefact;
  return deps.store.inTransaction(() => {
    const provenance = provenanceOf(deps, attempt, artefact);
    const take = deps.store.settleAttempt(
      attempt.id,
      {
        ...{ shotId, phase, number: artefact.takeNumber, source: 'generated', path, sha256, probe },
        ...{ attemptId: attempt.id, parentTakeId, provider, model, seed, costMicroUsd, provenance },
      },
      costMicroUsd,
    );
    return concluded(order, { kind: 'arrived', attempt: deps.store.attempt(attempt.id) ?? attempt, take });
  });
}

function provenanceOf(deps: DispatchDeps, attempt: Attempt, artefact: Artefact): ProvenanceRecord {
  const parent = attempt.parentTakeId === null ? null : deps.store.take(attempt.parentTakeId);
  const { project } = deps.documents();
  const record = buildProvenance({
    ...{ attempt, takeNumber: artefact.takeNumber, path: artefact.path, file: artefact },
    project: project.slug,
    costMicroUsd: artefact.costMicroUsd,
    at: deps.clock.now().toISOString(),
    parent: parent ? askedWith(deps.store.provenance(parent.id)) : null,
    fallbackFrom: fallbackFromOf(deps.store, attempt),
  });
  return { ...record, ...rehearsalMark(project) };
}

function askedWith({ generation }: ProvenanceRecord): { prompt: string; negativePrompt: string } {
  return { prompt: generation.prompt, negativePrompt: generation.negative_prompt };
}
