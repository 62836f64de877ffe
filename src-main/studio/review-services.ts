import type { Phase } from '../../src-shared/domain/phase.ts';
import type { Workflow } from '../../src-shared/domain/workflow.ts';
import type { ReviewServices } from '../api/studio-services.ts';
import type { WorkflowQuote } from '../orchestrator/request/quote-workflow.ts';
import { AppError } from '../platform/app-error.ts';
import { approve, reject, reroute } from '../review/decide.ts';
import { override } from '../review/override.ts';
import type { ReviewDeps } from '../review/review-deps.ts';
import { undo } from '../review/undo.ts';
import { listWorkflowChoices, type WorkflowRecord } from '../review/workflow-choices.ts';
import type { Production } from './production.ts';
import { shotNotFound } from './take-services.ts';

/** Decisions as the API asks for them; uploads become files here. */
export function createReviewServices(
  production: Production,
  deps: ReviewDeps,
  quote: (shotId: string, phase: Phase, workflowId: string) => WorkflowQuote,
): ReviewServices {
  const { store, uploads, workflows } = production;
  const planOf = (shotId: string) => {
    const shot = store.shot(shotId);
    if (!shot) throw shotNotFound(shotId);
    return shot.plan;
  };
  return {
    approve: async (decision) => approve(decision, deps),
    reject: async (decision) => reject(decision, deps),
    async reroute(decision) {
      planOf(decision.shotId);
      const workflow = workflows.find(decision.workflowId);
      if (!workflow?.enabled || !workflow.phases.includes(decision.phase)) {
        throw new AppError({
          code: 'workflow.not-found',
          message: `${decision.workflowId} is not an engine for ${decision.phase}.`,
          hint: 'Choose one that the menu offers.',
        });
      }
      return reroute(decision, deps);
    },
    async workflowChoices({ shotId, phase }) {
      planOf(shotId);
      const past = pastRecords(production, shotId);
      return listWorkflowChoices(workflows.forPhase(phase), { past, quote: ({ id }) => quote(shotId, phase, id) });
    },
    async override({ uploadId, shotId, phase, reason }) {
      planOf(shotId);
      const { path, fileName } = uploads.find(uploadId);
      const decided = await override({ shotId, phase, file: path, fileName, reason }, deps);
      await uploads.discard(uploadId);
      return decided;
    },
    undo: async (reviewId) => undo(reviewId, deps),
    history: async (shotId) => store.reviewsOf(shotId),
  };
}

/** Takes and approvals of a workflow's model over this shot's episode. */
function pastRecords(production: Production, shotId: string): (workflow: Workflow) => WorkflowRecord {
  const episodeId = shotId.slice(0, shotId.indexOf('_'));
  const takes = production.store.takesOfEpisode(episodeId).filter((take) => take.source === 'generated');
  return (workflow) => {
    const own = takes.filter((take) => take.model === workflow.model && take.provider === workflow.provider);
    return { takes: own.length, approved: own.filter((take) => take.review === 'approved').length };
  };
}
