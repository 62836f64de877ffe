import { productionMigration } from './0001-production.ts';
import type { Migration } from './migration.ts';

/** Every step, in order, without a gap. */
export const migrations: readonly Migration[] = [productionMigration];
