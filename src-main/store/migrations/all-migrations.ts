import { productionMigration } from './0001-production.ts';
import { attemptStepsMigration } from './0002-attempt-steps.ts';
import { learningMigration } from './0003-learning.ts';
import { attemptsWithoutJobMigration } from './0004-attempts-without-job.ts';
import type { Migration } from './migration.ts';

/** Every step, in order, without a gap. */
export const migrations: readonly Migration[] = [
  productionMigration,
  attemptStepsMigration,
  learningMigration,
  attemptsWithoutJobMigration,
];
