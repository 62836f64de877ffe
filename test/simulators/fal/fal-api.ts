/** fal's platform API, by path. */
import { jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import type { World } from '../core/world.ts';
import { refuseAsFal } from './fal-errors.ts';
import { listRequests } from './fal-listing.ts';
import { estimate, listBilling, listPrices } from './fal-prices.ts';

/** Everything below api.fal.ai. */
export function falApi(world: World, request: SimulatorRequest): Reply {
  switch (`${request.method} ${request.path}`) {
    case 'GET /v1/models/requests/by-endpoint':
      return listRequests(world, request);
    case 'GET /v1/models/pricing':
      return listPrices(world, request.query);
    case 'POST /v1/models/pricing/estimate':
      return estimate(world, jsonBody(request));
    case 'GET /v1/models/billing-events':
      return listBilling(world, request.query);
    default:
      return refuseAsFal({ kind: 'not-found' });
  }
}
