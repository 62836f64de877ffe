/**
 * Which workflow makes a phase of a shot: a person's choice, else an exception that the shot's needs call for, else the
 * provider's primary. Pure: the same shot and the same tables always give the same answer. A fallback is never an answer
 * here; only the supervisor's decision runs one.
 */
import { z } from 'zod';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { PlanShot } from '../../src-shared/domain/plan.ts';
import type { ProjectFile } from '../../src-shared/domain/project.ts';
import {
  type PhaseStrategy,
  providerStrategySchema,
  type StrategyCondition,
} from '../../src-shared/domain/provider-strategy.ts';
import type { Workflow } from '../../src-shared/domain/workflow.ts';
import { AppError } from '../platform/app-error.ts';

/** What of a shot an exception can ask about. */
export interface ShotNeeds {
  pipeline: PlanShot['routing_data']['pipeline'];
  durationSeconds: number;
  /** reference pictures that will be sent */
  refs: number;
  aspect: ProjectFile['aspect'];
  dialogue: boolean;
}

export interface StrategyQuestion {
  phase: Phase;
  /** what a decision on this shot says: the director's reroute; null = none */
  reroute: string | null;
  /** what project.json says for the phase; null = nothing */
  project: string | null;
  /** of the provider that the batch names; null = it has none for this phase */
  strategy: PhaseStrategy | null;
  needs: ShotNeeds;
}

/** Who chose, and why where that needs saying. */
export interface StrategyAnswer {
  workflowId: string;
  by: 'reroute' | 'project' | 'exception' | 'primary';
  reason: string | null;
}

/** Override, then capability exception, then primary; null when nobody names a workflow. */
export function resolveProvider(question: StrategyQuestion): StrategyAnswer | null {
  const { reroute, project, strategy, needs } = question;
  if (reroute !== null) return { workflowId: reroute, by: 'reroute', reason: null };
  if (project !== null) return { workflowId: project, by: 'project', reason: null };
  if (strategy === null) return null;
  const exception = strategy.exceptions.find(({ when }) => holds(when, needs));
  if (exception) return { workflowId: exception.workflow, by: 'exception', reason: exception.reason };
  return { workflowId: strategy.primary, by: 'primary', reason: null };
}

function holds(when: StrategyCondition, needs: ShotNeeds): boolean {
  const { pipelines, longerThanSeconds, shorterThanSeconds, fewerRefsThan, moreRefsThan, shape, dialogue } = when;
  if (pipelines && !pipelines.includes(needs.pipeline)) return false;
  if (longerThanSeconds !== undefined && needs.durationSeconds <= longerThanSeconds) return false;
  if (shorterThanSeconds !== undefined && needs.durationSeconds >= shorterThanSeconds) return false;
  if (fewerRefsThan !== undefined && needs.refs >= fewerRefsThan) return false;
  if (moreRefsThan !== undefined && needs.refs <= moreRefsThan) return false;
  if (shape !== undefined && shapeOf(needs.aspect) !== shape) return false;
  return dialogue === undefined || needs.dialogue === dialogue;
}

function shapeOf({ width, height }: ShotNeeds['aspect']): NonNullable<StrategyCondition['shape']> {
  if (width === height) return 'square';
  return width > height ? 'landscape' : 'portrait';
}

/** The next workflow of a fallback list after those that were used already; null when there is none left. */
export function nextFallback(strategy: PhaseStrategy | null, used: ReadonlySet<string>): string | null {
  return strategy?.fallback.find((workflowId) => !used.has(workflowId)) ?? null;
}

export type StrategyTable = (provider: string, phase: Phase) => PhaseStrategy | null;

const file = 'resources/provider_strategy.v1.json';

/** Reads the table; a row that names a workflow which is not there, not enabled or for another phase is refused whole. */
export function readProviderStrategy(json: unknown, find: (workflowId: string) => Workflow | null): StrategyTable {
  const parsed = providerStrategySchema.safeParse(json);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  const { strategies } = parsed.data;
  for (const [provider, byPhase] of Object.entries(strategies)) {
    for (const [phase, strategy] of Object.entries(byPhase)) {
      for (const row of rowsOf(strategy)) {
        const fault = faultOf(find(row.workflowId), { ...row, phase: phase as Phase, provider });
        if (fault) throw invalid(`strategies.${provider}.${phase}.${row.field}: ${fault}`);
      }
    }
  }
  return (provider, phase) => strategies[provider]?.[phase] ?? null;
}

interface Row {
  field: string;
  workflowId: string;
  /** a batch that names a provider spends there, but for what a decision does */
  ownProvider: boolean;
}

function rowsOf({ primary, exceptions, fallback }: PhaseStrategy): Row[] {
  return [
    { field: 'primary', workflowId: primary, ownProvider: true },
    ...exceptions.map(({ workflow }, index) => ({
      ...{ field: `exceptions[${index}].workflow`, workflowId: workflow, ownProvider: true },
    })),
    ...fallback.map((workflowId, index) => ({ field: `fallback[${index}]`, workflowId, ownProvider: false })),
  ];
}

function faultOf(workflow: Workflow | null, row: Row & { phase: Phase; provider: string }): string | null {
  const { workflowId, phase, provider } = row;
  if (!workflow) return `there is no workflow ${workflowId} in resources/workflow_registry.v1.json`;
  if (!workflow.enabled) return `${workflowId} is not enabled`;
  if (!workflow.phases.includes(phase)) return `${workflowId} does not make ${phase}`;
  if (row.ownProvider && workflow.provider !== provider) return `${workflowId} belongs to ${workflow.provider}`;
  return null;
}

function invalid(detail: string): AppError {
  return new AppError({
    code: 'workflow.not-found',
    message: 'The table of provider strategies cannot be used.',
    hint: `Mend ${file}: ${detail}`,
    detail,
  });
}
