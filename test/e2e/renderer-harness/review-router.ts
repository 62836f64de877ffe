/** Decisions over the world in memory. */
import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../../src-shared/api/contract.ts';
import { nextPhase, type Phase } from '../../../src-shared/domain/phase.ts';
import type { Review, ReviewAction } from '../../../src-shared/domain/review.ts';
import type { WorkflowChoice } from '../../../src-shared/domain/workflow.ts';
import type { HarnessState } from './router.ts';
import { emit, phaseOf, setPhase, type World } from './world.ts';

const os = implement(contract);

export function reviewRouter(state: HarnessState) {
  const { world } = state;
  return {
    approve: os.review.approve.handler(({ input }) => {
      const take = takeOf(world, input.takeId);
      changeTake(world, take.id, { review: 'approved' });
      const shotPhase = setPhase(world, take.shotId, take.phase, {
        state: 'stabilized',
        outcome: 'approved',
        approvedTakeId: take.id,
      });
      const next = nextPhase(take.phase);
      if (next !== null) setPhase(world, take.shotId, next, { state: 'queued' });
      return { review: record(world, { ...take, takeId: take.id }, 'approve', { note: input.note }), shotPhase };
    }),
    reject: os.review.reject.handler(({ input }) => {
      const take = takeOf(world, input.takeId);
      changeTake(world, take.id, { review: 'rejected' });
      const shotPhase = setPhase(world, take.shotId, take.phase, {
        state: 'queued',
        outcome: null,
        approvedTakeId: null,
      });
      const { reasons, note } = input;
      return { review: record(world, { ...take, takeId: take.id }, 'reject', { reasons, note }), shotPhase };
    }),
    reroute: os.review.reroute.handler(({ input }) => {
      const { shotId, phase, workflowId } = input;
      const shotPhase = setPhase(world, shotId, phase, { state: 'queued', workflowId });
      return { review: record(world, { shotId, phase, takeId: null }, 'reroute', { workflowId }), shotPhase };
    }),
    workflowChoices: os.review.workflowChoices.handler(({ input }) => choices(input.phase)),
    override: os.review.override.handler(({ input, errors }) => {
      if (!state.uploads.has(input.uploadId)) throw notHeld(errors);
      const { shotId, phase } = input;
      const shotPhase = setPhase(world, shotId, phase, { state: 'stabilized', outcome: 'approved' });
      return { review: record(world, { shotId, phase, takeId: null }, 'override', { note: input.reason }), shotPhase };
    }),
    undo: os.review.undo.handler(({ errors }) => {
      const last = world.reviews.findLast((review) => review.action !== 'undo' && !review.undone);
      if (last === undefined) {
        throw errors['review.nothing-to-undo']({
          message: 'There is no decision to take back.',
          data: { hint: 'Decisions can be taken back until their work has been dispatched.', retry: false },
        });
      }
      last.undone = true;
      if (last.takeId !== null) changeTake(world, last.takeId, { review: 'unreviewed' });
      const shotPhase = setPhase(world, last.shotId, last.phase, phaseOf(last.shotId, last.phase, 'awaiting_operator'));
      return { review: record(world, last, 'undo', { undoes: last.id }), shotPhase };
    }),
    history: os.review.history.handler(({ input }) => world.reviews.filter((review) => review.shotId === input.shotId)),
  };
}

function record(
  world: World,
  on: { shotId: string; phase: Phase; takeId: string | null },
  action: ReviewAction,
  change: Partial<Review>,
): Review {
  const review: Review = {
    id: `R${world.reviews.length + 1}`,
    shotId: on.shotId,
    phase: on.phase,
    takeId: on.takeId,
    action,
    reasons: [],
    note: '',
    workflowId: null,
    decidedBy: 'director',
    decidedAt: new Date().toISOString(),
    undoes: null,
    gateDisagreement: null,
    undone: false,
    ...change,
  };
  world.reviews.push(review);
  emit(world, { type: 'review_recorded', review });
  return review;
}

function choices(phase: Phase): WorkflowChoice[] {
  const make = (id: string, title: string, change: Partial<WorkflowChoice>): WorkflowChoice => ({
    workflow: {
      id,
      title,
      description: 'Starts from the approved keyframe and moves the camera as planned.',
      phases: [phase],
      provider: 'embedded',
      model: `${id}-1`,
      endpoint: 'local',
      enabled: true,
      params: {},
      maxPromptChars: 2000,
      maxRefs: 4,
    },
    estimateMicroUsd: 320_000,
    refusal: null,
    pastTakes: 0,
    pastApproved: 0,
    ...change,
  });
  return [
    make('embedded-i2v', 'Embedded, image to video', { pastTakes: 12, pastApproved: 7, estimateMicroUsd: 0 }),
    make('kling-pro', 'Kling Pro', { pastTakes: 4, pastApproved: 3, estimateMicroUsd: 490_000 }),
    make('veo', 'Veo', { refusal: 'No key is stored for this provider.', estimateMicroUsd: null }),
  ];
}

function changeTake(world: World, takeId: string, change: { review: 'approved' | 'rejected' | 'unreviewed' }): void {
  const take = { ...takeOf(world, takeId), ...change };
  world.takes.set(takeId, take);
  emit(world, { type: 'take_changed', take });
}

export function takeOf(world: World, takeId: string) {
  const take = world.takes.get(takeId);
  if (take === undefined) throw new ORPCError('take.not-found', { message: `There is no take ${takeId}.` });
  return take;
}

export function notHeld(errors: {
  'upload.not-found': (options: { message: string; data: { hint: string; retry: boolean } }) => Error;
}): Error {
  return errors['upload.not-found']({
    message: 'The file is no longer held.',
    data: { hint: 'Drop it again.', retry: false },
  });
}
