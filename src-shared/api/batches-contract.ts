import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { batchConfigSchema, batchEstimateSchema, batchSchema, estimateLineSchema } from '../domain/batch.ts';
import { projectIdSchema, shotIdSchema } from '../domain/ids.ts';
import { microUsdSchema } from '../domain/money.ts';
import { phaseSchema } from '../domain/phase.ts';
import { shotPhaseSchema } from '../domain/shot.ts';
import { procedure } from './procedure.ts';

const withConfig = z.strictObject({ projectId: projectIdSchema, config: batchConfigSchema });
const oneBatch = z.strictObject({ projectId: projectIdSchema, batchId: z.string() });

export const batchesContract = {
  /** What each shot would cost and what would be refused, from the plan, the refs and the price table. */
  estimate: procedure.input(withConfig).output(batchEstimateSchema),
  /** The lines of the estimate as they are found, for episodes of thousands of shots. */
  preflight: procedure.input(withConfig).output(eventIterator(z.array(estimateLineSchema))),
  start: procedure.input(withConfig).output(batchSchema),
  pause: procedure.input(oneBatch).output(batchSchema),
  /** Goes on; `budgetMicroUsd` raises the cap of an exhausted batch. */
  resume: procedure.input(oneBatch.extend({ budgetMicroUsd: microUsdSchema.optional() })).output(batchSchema),
  /** Ends it: nothing more is submitted; what a provider has already taken is still fetched. */
  stop: procedure.input(oneBatch).output(batchSchema),
  /** Ends a phase's wait for another try: it awaits the operator. */
  cancelRetry: procedure
    .input(z.strictObject({ projectId: projectIdSchema, shotId: shotIdSchema, phase: phaseSchema }))
    .output(shotPhaseSchema),
  list: procedure.input(z.strictObject({ projectId: projectIdSchema })).output(z.array(batchSchema)),
};
