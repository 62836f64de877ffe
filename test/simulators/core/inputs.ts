/** Pictures as they stand in a body: data urls, bare base64, or an address of the simulator's. */
import { fetchInput } from '../fal/fal-files.ts';
import type { World } from './world.ts';

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The bytes of bare base64; null for anything else. */
export function fromBase64(text: string): Buffer | null {
  return text.length > 0 && text.length % 4 === 0 && base64.test(text) ? Buffer.from(text, 'base64') : null;
}

/** The bytes behind an address; null when the simulator cannot fetch it, as it fetches nothing from outside. */
export function fetchPicture(world: World, origin: string, url: string): Promise<Uint8Array | null> {
  return fetchInput(world, origin, url);
}

/** All of them, or the first address that could not be fetched. */
export async function fetchPictures(
  world: World,
  origin: string,
  urls: readonly string[],
): Promise<{ inputs: Uint8Array[] } | { missing: string }> {
  const inputs: Uint8Array[] = [];
  for (const url of urls) {
    const picture = await fetchPicture(world, origin, url);
    if (!picture) return { missing: url.slice(0, 80) };
    inputs.push(picture);
  }
  return { inputs };
}
