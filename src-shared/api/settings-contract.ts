import { z } from 'zod';
import { slugSchema } from '../domain/ids.ts';
import {
  keyTestSchema,
  providerAddressSchema,
  providerKeySchema,
  providerListSchema,
  providerSettingsSchema,
} from '../domain/provider-settings.ts';
import { procedure } from './procedure.ts';

const oneProvider = z.strictObject({ provider: slugSchema });

/** What holds for every project of this user. A key goes in and never comes out. */
export const settingsContract = {
  /** Every provider in the order in which it is shown, with what is set for it. */
  providers: procedure.output(providerListSchema),
  /** Stores a key in the place of the one that was there; throws when the environment gives one. */
  setKey: procedure.input(oneProvider.extend({ key: providerKeySchema })).output(providerSettingsSchema),
  removeKey: procedure.input(oneProvider).output(providerSettingsSchema),
  /** Tries the key on a call that costs nothing. */
  testKey: procedure.input(oneProvider).output(keyTestSchema),
  /** Where an own machine is; null = the provider's usual address. */
  setAddress: procedure
    .input(oneProvider.extend({ address: providerAddressSchema.nullable() }))
    .output(providerSettingsSchema),
};
