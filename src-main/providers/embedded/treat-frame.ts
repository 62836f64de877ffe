/** How a frame is finished: previs as pencil on paper, a keyframe painted in the style of its engine. */
import sharp, { type OverlayOptions } from 'sharp';
import type { FrameOrder } from './frame-order.ts';

/** Paper grain, the same for the same seed. */
function grain(order: FrameOrder, random: () => number, strength: number): OverlayOptions {
  const width = Math.ceil(order.width / 2);
  const height = Math.ceil(order.height / 2);
  const pixels = Buffer.alloc(width * height * 4);
  for (let at = 0; at < pixels.length; at += 4) {
    const value = 128 + Math.round((random() - 0.5) * 255 * strength);
    pixels.fill(value, at, at + 3);
    pixels[at + 3] = 255;
  }
  return { input: pixels, raw: { width, height, channels: 4 }, blend: 'soft-light' };
}

async function enlargeGrain(order: FrameOrder, random: () => number, strength: number): Promise<OverlayOptions> {
  const layer = grain(order, random, strength);
  const input = await sharp(layer.input as Buffer, { raw: layer.raw as { width: number; height: number; channels: 4 } })
    .resize(order.width, order.height, { kernel: 'cubic' })
    .png({ compressionLevel: 1 })
    .toBuffer();
  return { input, blend: 'soft-light' };
}

/** The finished picture of a composed scene. */
export async function treat(scene: Buffer, order: FrameOrder, random: () => number): Promise<Buffer> {
  const paper = await enlargeGrain(order, random, order.treatment === 'pencil' ? 0.16 : 0.12);
  if (order.treatment === 'pencil') return pencil(scene, order, paper);
  let picture = sharp(scene);
  if (order.style === 'noir') picture = picture.modulate({ saturation: 0.12 }).linear(1.35, -34);
  else if (order.style === 'wash') picture = picture.modulate({ saturation: 0.75, brightness: 1.08 }).median(5);
  else picture = picture.modulate({ saturation: 1.08 }).linear(1.06, -6);
  return sharp(await picture.png({ compressionLevel: 1 }).toBuffer())
    .composite([paper])
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/** Grey wash under pencil lines: edges are where a picture differs from its own blur, darkened onto warm paper. */
async function pencil(scene: Buffer, order: FrameOrder, paper: OverlayOptions): Promise<Buffer> {
  const grey = await sharp(scene).greyscale().toColourspace('srgb').png({ compressionLevel: 1 }).toBuffer();
  const soft = await sharp(grey)
    .blur(Math.max(1.2, order.width / 320))
    .png({ compressionLevel: 1 })
    .toBuffer();
  const edges = await sharp(grey)
    .composite([{ input: soft, blend: 'difference' }])
    .png({ compressionLevel: 1 })
    .toBuffer();
  const lines = await sharp(edges)
    .linear(order.style === 'noir' ? 9 : 6.5, -14)
    .negate({ alpha: false })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const wash = order.style === 'noir' ? sharp(grey).linear(1.45, -42) : sharp(grey).linear(0.62, 122);
  const sheet = order.style === 'wash' ? '#dfeaf4' : '#faf1e0';
  const tint = `<svg xmlns="http://www.w3.org/2000/svg" width="${order.width}" height="${order.height}"><rect width="100%" height="100%" fill="${sheet}"/></svg>`;
  return sharp(await wash.png({ compressionLevel: 1 }).toBuffer())
    .composite([{ input: lines, blend: 'multiply' }, { input: Buffer.from(tint), blend: 'multiply' }, paper])
    .png({ compressionLevel: 1 })
    .toBuffer();
}
