import { falDefinition } from './fal/fal-definition.ts';
import { manualDefinition } from './manual/manual-definition.ts';
import type { ProviderDefinition } from './provider-definition.ts';

/** Every provider beside the embedded one, in the order in which Settings shows them. */
export const allProviders: readonly ProviderDefinition[] = [falDefinition, manualDefinition];
