/** fal's four addresses. */
import type { Mount } from '../core/mount.ts';
import type { SimulatorRequest } from '../core/reply.ts';
import { keyGivenAway } from '../core/result-url.ts';
import { isSimulatorKey, isWithoutKey, keyOf } from '../core/sim-key.ts';
import { falApi } from './fal-api.ts';
import { refuseAsFal } from './fal-errors.ts';
import { falCdn } from './fal-files.ts';
import { falQueue } from './fal-queue.ts';
import { falRest } from './fal-uploads.ts';

const guard = {
  isLetIn: ({ headers }: SimulatorRequest) => isSimulatorKey(keyOf(headers.authorization, 'Key')),
  refused: () => refuseAsFal({ kind: 'unauthorized' }),
};

export const falMounts: readonly Mount[] = [
  { prefix: 'fal-queue', provider: 'fal', ...guard, handle: falQueue },
  { prefix: 'fal-rest', provider: 'fal', ...guard, handle: falRest },
  { prefix: 'fal-api', provider: 'fal', ...guard, handle: falApi },
  { prefix: 'fal-cdn', provider: 'fal', isLetIn: isWithoutKey, refused: keyGivenAway, handle: falCdn },
];
