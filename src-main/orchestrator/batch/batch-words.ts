import { committedMicroUsd, remainingMicroUsd, type Spend } from '../../../src-shared/domain/batch.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';

/** Says by how much a cap is passed because more was billed than was quoted; null while it is not. */
export function overrunText(spend: Spend): string | null {
  const over = committedMicroUsd(spend) - spend.capMicroUsd;
  if (over <= 0) return null;
  return `More was billed than had been quoted: the cap of ${formatUsd(spend.capMicroUsd)} is passed by ${formatUsd(over)}.`;
}

/** Why a batch is exhausted: which of the two caps, and what to raise. */
export function exhaustedText(batch: Spend, project: Spend): string {
  const ofProject = remainingMicroUsd(project) < remainingMicroUsd(batch);
  const what = ofProject
    ? `Nothing more fits under the project's ceiling of ${formatUsd(project.capMicroUsd)}. Raise it in project.json, then resume.`
    : 'Nothing more fits under the cap. Raise it to go on.';
  return [overrunText(ofProject ? project : batch), what].filter(Boolean).join(' ');
}
