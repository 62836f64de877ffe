import type { Migration } from './migration.ts';

// Attempts whose doubt ended without a job are looked for again; they are few among all that failed.
export const attemptsWithoutJobMigration: Migration = {
  version: 4,
  sql: `
CREATE INDEX attempts_without_job ON attempts (updated_at)
  WHERE state = 'failed' AND provider_job_id IS NULL;
`,
};
