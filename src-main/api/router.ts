import { attemptsApi } from './attempts-api.ts';
import { batchesApi } from './batches-api.ts';
import { eventsApi } from './events-api.ts';
import { handoffApi } from './handoff-api.ts';
import { api } from './implementer.ts';
import { learningApi } from './learning-api.ts';
import { projectsApi } from './projects-api.ts';
import { refsApi } from './refs-api.ts';
import { rehearsalsApi } from './rehearsals-api.ts';
import { reviewApi } from './review-api.ts';
import { settingsApi } from './settings-api.ts';
import { systemApi } from './system-api.ts';
import { takesApi } from './takes-api.ts';

/** The whole contract, implemented. */
export const apiRouter = api.router({
  projects: projectsApi,
  takes: takesApi,
  review: reviewApi,
  batches: batchesApi,
  attempts: attemptsApi,
  refs: refsApi,
  handoff: handoffApi,
  learning: learningApi,
  events: eventsApi,
  rehearsals: rehearsalsApi,
  settings: settingsApi,
  system: systemApi,
});
