/** Pictures as they stand in a body: bare base64, data urls, or the address of a file that a provider keeps itself. */
import { isPicture } from '../media/frame-size.ts';
import type { World } from './world.ts';

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;
const dataUrl = /^data:[\w/+.-]+;base64,/;

/** The picture in bare base64; null for anything else. */
export function pictureIn(text: string): Buffer | null {
  const bytes = fromBase64(text);
  return bytes && isPicture(bytes) ? bytes : null;
}

/** The bytes of a data url; null for anything else, and for a picture that is none. */
export function fromDataUrl(url: string): Buffer | null {
  const [head] = dataUrl.exec(url) ?? [];
  if (head === undefined) return null;
  const text = url.slice(head.length);
  return head.startsWith('data:image/') ? pictureIn(text) : fromBase64(text);
}

function fromBase64(text: string): Buffer | null {
  return text.length > 0 && text.length % 4 === 0 && base64.test(text) ? Buffer.from(text, 'base64') : null;
}

/** All pictures behind some addresses, or the first that is not there: nothing is fetched from outside. */
export function readPictures(
  world: World,
  origin: string,
  urls: readonly string[],
  /** where a provider looks first: among its own files */
  own: (world: World, origin: string, url: string) => Uint8Array | null = () => null,
): { inputs: Uint8Array[] } | { missing: string } {
  const inputs: Uint8Array[] = [];
  for (const url of urls) {
    const picture = own(world, origin, url) ?? fromDataUrl(url);
    if (!picture) return { missing: url.slice(0, 80) };
    inputs.push(picture);
  }
  return { inputs };
}
