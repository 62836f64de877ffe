import { z } from 'zod';
import { slugSchema } from './ids.ts';

/** What trying out a key said. */
const keyTestKindSchema = z.enum(['accepted', 'refused', 'unreachable']);
export type KeyTestKind = z.infer<typeof keyTestKindSchema>;

export const keyTestSchema = z.strictObject({
  kind: keyTestKindSchema,
  /** what the provider said, as a sentence; never a part of the key */
  detail: z.string(),
  at: z.iso.datetime(),
});
export type KeyTest = z.infer<typeof keyTestSchema>;

/** Where a key is kept. `environment`: given to this process, neither stored nor changed here. */
const keyPlaceSchema = z.enum(['keychain', 'file', 'environment']);
export type KeyPlace = z.infer<typeof keyPlaceSchema>;

/** A provider as Settings shows it. No part of its key is ever in here. */
export const providerSettingsSchema = z.strictObject({
  id: slugSchema,
  title: z.string(),
  /** null = needs no key */
  key: z.strictObject({ hint: z.string(), getItAt: z.string(), variable: z.string() }).nullable(),
  /** null = there is none */
  keyPlace: keyPlaceSchema.nullable(),
  /** why a key that is kept cannot be used, as a sentence */
  keyTrouble: z.string().nullable(),
  lastTest: keyTestSchema.nullable(),
  /** where requests go to; null for what needs no network */
  address: z.string().nullable(),
  /** an own machine: the user says where it is */
  addressIsUsers: z.boolean(),
});
export type ProviderSettings = z.infer<typeof providerSettingsSchema>;

export const providerListSchema = z.strictObject({
  providers: z.array(providerSettingsSchema),
  /** where a key that is added now will be kept */
  keysGoTo: keyPlaceSchema.exclude(['environment']),
});
export type ProviderList = z.infer<typeof providerListSchema>;

const printable = /^[\x21-\x7e]+$/;

/** A key as it is pasted: what stands around it is dropped, what no header could carry is refused. */
export const providerKeySchema = z
  .string()
  .trim()
  .min(8, 'a key has at least 8 characters: paste the whole of it')
  .max(4096, 'a key has at most 4,096 characters')
  .regex(printable, 'a key has no spaces, line breaks or special characters: paste the key alone');

const addressPattern = /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/i;

/** The address of an own machine: http or https, without user, query or fragment; no slash at its end. */
export const providerAddressSchema = z
  .string()
  .trim()
  .max(2048)
  .refine((text) => /^https?:\/\//i.test(text), 'give an address such as http://192.168.1.20:8188')
  .refine((text) => addressPattern.test(text), 'give the address without user, password, “?” and “#”')
  .refine(
    (text) => z.url().safeParse(text).success,
    'this is not an address: it has a character or a port that cannot be',
  )
  .transform((text) => text.replace(/\/+$/, ''));

/** Why nothing can be asked of a provider yet, as a sentence; null when it can. */
export function whyNotReady(
  provider: Pick<ProviderSettings, 'title' | 'key' | 'keyPlace' | 'keyTrouble'>,
): string | null {
  if (provider.key === null) return null;
  if (provider.keyTrouble !== null) return provider.keyTrouble;
  return provider.keyPlace === null ? `No key for ${provider.title} yet: add it in Settings.` : null;
}
