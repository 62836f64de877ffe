/**
 * Fourth station: a take that nothing speaks against goes to the director, unless the project lets this phase advance by
 * itself or autonomy's seven checks all pass. An approval by rule is recorded like a person's and can be undone like one.
 */
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { nextPhase, type Phase } from '../../../src-shared/domain/phase.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import type { GateName, GateResult } from '../../../src-shared/domain/verdict.ts';
import { enqueueNextPhase } from '../enqueue-next-phase.ts';
import { type AutonomyAnswer, mayApprove } from './autonomy-controller.ts';
import { movePhase, type PhaseAddress } from './move-phase.ts';
import type { StationDeps } from './station-deps.ts';

export interface ReviewOrder {
  at: PhaseAddress;
  take: Take;
  results: readonly GateResult[];
  batch: Batch | null;
}

/** Runs inside the audit's transaction, the phase being in `auditing`. */
export function review(deps: StationDeps, order: ReviewOrder): void {
  const { at, batch } = order;
  if (deps.documents().project.auto_advance_phases.includes(at.phase)) {
    approveByRule(deps, order, { by: 'auto-advance', reason: `The project lets ${at.phase} advance without review.` });
    return;
  }
  const answer = askAutonomy(deps, order);
  if (answer.approve && batch) {
    approveByRule(deps, order, { by: 'autonomy', reason: answer.reason });
    deps.store.recountAutoApprovals(batch.id);
    return;
  }
  const passed = order.results.length > 0 ? 'The gates have nothing against it.' : 'No gate has measured it.';
  const reason = answer.check === 'enabled' ? passed : `${passed} ${answer.reason}`;
  movePhase(deps.store, at, { from: 'auditing', to: 'awaiting_operator', cause: 'audit-passed', patch: { reason } });
}

function askAutonomy(deps: StationDeps, order: ReviewOrder): AutonomyAnswer {
  const shot = deps.store.shot(order.at.shotId);
  if (!shot || !order.batch) return { approve: false, check: 'enabled', reason: 'Autonomy works in batches only.' };
  return mayApprove({
    config: order.batch.config.autonomy,
    approvedInBatch: order.batch.autoApproved,
    results: order.results.filter(({ gate, status }) => status !== 'skipped' || appliesTo(gate, order.at.phase)),
    requiredGates: deps.gates.map((gate) => gate.name).filter((gate) => appliesTo(gate, order.at.phase)),
    shotType: shot.plan.prompt_data.shot_type,
  });
}

/** Gate 3 looks for drift over time: that it did not run on a still is no reason to keep a person waiting. */
function appliesTo(gate: GateName, phase: Phase): boolean {
  return gate !== 'gate_3' || phase === 'video';
}

function approveByRule(deps: StationDeps, order: ReviewOrder, rule: { by: string; reason: string }): void {
  const { store } = deps;
  const { at, take } = order;
  const row = store.shotPhase(at.shotId, at.phase);
  const following = nextPhase(at.phase);
  const before = following ? [row, store.shotPhase(at.shotId, following)] : [row];
  const decision = store.recordReview({
    ...{ id: deps.ids.newId('rev'), shotId: at.shotId, phase: at.phase, takeId: take.id, action: 'auto-approve' },
    ...{ reasons: [], note: rule.reason, workflowId: null, undoes: null, gateDisagreement: null },
    decidedBy: rule.by,
    decidedAt: deps.clock.now().toISOString(),
  });
  store.saveUndoState(decision.id, before, [{ takeId: take.id, review: take.review }]);
  store.setTakeReview(take.id, 'approved');
  movePhase(store, at, {
    ...{ from: 'auditing', to: 'stabilized', cause: 'approved' },
    patch: { outcome: 'approved', approvedTakeId: take.id, reason: null, retryAt: null, series: row.series + 1 },
  });
  enqueueNextPhase(store, at.shotId, at.phase);
}
