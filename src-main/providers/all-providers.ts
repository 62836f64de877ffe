import { arkDefinition } from './ark/ark-definition.ts';
import { comfyuiDefinition } from './comfyui/comfyui-definition.ts';
import { falDefinition } from './fal/fal-definition.ts';
import { googleDefinition } from './google/google-definition.ts';
import { klingDefinition } from './kling/kling-definition.ts';
import { manualDefinition } from './manual/manual-definition.ts';
import { openaiDefinition } from './openai/openai-definition.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { replicateDefinition } from './replicate/replicate-definition.ts';
import { runwayDefinition } from './runway/runway-definition.ts';

/** Every provider beside the embedded one, in the order in which Settings shows them. */
export const allProviders: readonly ProviderDefinition[] = [
  falDefinition,
  klingDefinition,
  arkDefinition,
  googleDefinition,
  openaiDefinition,
  replicateDefinition,
  runwayDefinition,
  comfyuiDefinition,
  manualDefinition,
];
