/** Pictures as they stand in a body: data urls, bare base64, or an address of the simulator's. */
import { fetchInput } from '../fal/fal-files.ts';
import type { World } from './world.ts';

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The bytes of bare base64; null for anything else. */
export function fromBase64(text: string): Buffer | null {
  return text.length > 0 && text.length % 4 === 0 && base64.test(text) ? Buffer.from(text, 'base64') : null;
}

/** All pictures behind some addresses, or the first that is not there: nothing is fetched from outside. */
export async function fetchPictures(
  world: World,
  origin: string,
  urls: readonly string[],
  /** where a provider looks first: among its own files */
  own: (world: World, origin: string, url: string) => Uint8Array | null = () => null,
): Promise<{ inputs: Uint8Array[] } | { missing: string }> {
  const inputs: Uint8Array[] = [];
  for (const url of urls) {
    const picture = own(world, origin, url) ?? (await fetchInput(world, origin, url));
    if (!picture) return { missing: url.slice(0, 80) };
    inputs.push(picture);
  }
  return { inputs };
}
