/** The contract: all that a client can ask of the Studio. Implemented in src-main/api, derived in src-renderer/api. */
import { attemptsContract } from './attempts-contract.ts';
import { batchesContract } from './batches-contract.ts';
import { eventsContract } from './events-contract.ts';
import { handoffContract } from './handoff-contract.ts';
import { learningContract } from './learning-contract.ts';
import { projectsContract } from './projects-contract.ts';
import { refsContract } from './refs-contract.ts';
import { rehearsalsContract } from './rehearsals-contract.ts';
import { reviewContract } from './review-contract.ts';
import { settingsContract } from './settings-contract.ts';
import { systemContract } from './system-contract.ts';
import { takesContract } from './takes-contract.ts';

export const contract = {
  projects: projectsContract,
  takes: takesContract,
  review: reviewContract,
  batches: batchesContract,
  attempts: attemptsContract,
  refs: refsContract,
  handoff: handoffContract,
  learning: learningContract,
  events: eventsContract,
  rehearsals: rehearsalsContract,
  settings: settingsContract,
  system: systemContract,
};
