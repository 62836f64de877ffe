import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { type ComposeDeps, composeRequest } from './compose-request.ts';

/** What one more take would cost with a workflow, or why it would be refused. */
export interface WorkflowQuote {
  costMicroUsd: MicroUsd | null;
  /** null = it would run */
  refusal: string | null;
}

/** Composes the next request of a phase as if the director had chosen the workflow; nothing is reserved or sent. */
export function quoteWorkflow(deps: ComposeDeps, shot: Shot, phase: Phase, workflowId: string): WorkflowQuote {
  const chosen = { ...shot, phases: { ...shot.phases, [phase]: { ...shot.phases[phase], workflowId } } };
  const composed = composeRequest(deps, { shot: chosen, phase, provider: '', seed: 0, startFrame: 'planned' });
  const whole = composed.kind === 'composed' ? composed : composed.whole;
  const costMicroUsd = whole?.adapter.estimate(whole.request) ?? null;
  if (composed.kind === 'refused') return { costMicroUsd, refusal: composed.reason };
  return { costMicroUsd, refusal: costMicroUsd === null ? 'Its price is not known, so it will not be used.' : null };
}
