import { committedMicroUsd, remainingMicroUsd, type Spend } from '../../../src-shared/domain/batch.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';

/** Says by how much a cap is passed, which only a bill above its quote, a job that came back late or a lowered ceiling can do; null while none is. */
export function overrunText(batch: Spend, project: Spend): string | null {
  const over = (spend: Spend) => committedMicroUsd(spend) - spend.capMicroUsd;
  if (over(batch) > 0) {
    return `More was billed than had been expected: the cap of ${formatUsd(batch.capMicroUsd)} is passed by ${formatUsd(over(batch))}.`;
  }
  if (over(project) <= 0) return null;
  return `The project's ceiling of ${formatUsd(project.capMicroUsd)} is passed by ${formatUsd(over(project))}.`;
}

/** Why a batch is exhausted: which of the two caps, and what to raise. */
export function exhaustedText(batch: Spend, project: Spend): string {
  const ofProject = remainingMicroUsd(project) < remainingMicroUsd(batch);
  const what = ofProject
    ? `Nothing more fits under the project's ceiling of ${formatUsd(project.capMicroUsd)}. Raise it in project.json, then resume.`
    : 'Nothing more fits under the cap. Raise it to go on.';
  return [overrunText(batch, project), what].filter(Boolean).join(' ');
}
