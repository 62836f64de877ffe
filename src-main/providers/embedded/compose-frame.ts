/**
 * A storyboard frame from a plan's own references: location plate, characters placed by the size of the shot, props,
 * light, and the treatment of the phase (previs is pencil, a keyframe is painted). Equal requests give equal bytes.
 */
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import type { ShotType } from '../../../src-shared/domain/plan.ts';
import { drawSlateStrip } from './burn-in.ts';
import { cameraMarks } from './camera-marks.ts';
import type { FrameOrder } from './frame-order.ts';
import { type LightDirection, readCameraLine, readLightingLine } from './read-direction.ts';
import { seededRandom } from './seeded-random.ts';
import { treat } from './treat-frame.ts';

type Rgb = { r: number; g: number; b: number };

/** Draws the frame and returns a PNG. */
export async function composeFrame(order: FrameOrder): Promise<Buffer> {
  const random = seededRandom(order.seed);
  const light = readLightingLine(order.lightingLine);
  const camera = readCameraLine(order.cameraLine);
  const stage = await stageBackground(order, random, light);
  const figures = await placeFigures(order, random);
  const props = await placeProps(order, figures.length > 0, random);
  const scene = await flatten(stage.composite([...figures, ...props, ...lightLayers(order, light)]));
  const treated = await treat(scene, order, random);
  return sharp(treated)
    .composite([...cameraMarks(order, camera.move), ...slateLayer(order)])
    .png({ compressionLevel: 6 })
    .toBuffer();
}

function flatten(picture: Sharp): Promise<Buffer> {
  return picture.png({ compressionLevel: 1 }).toBuffer();
}

/** How tightly a shot is framed: how far the plate is enlarged and how much it falls out of focus. */
const framing: Record<ShotType, { plateZoom: number; blur: number; figureHeight: number; foot: number }> = {
  establishing: { plateZoom: 1, blur: 0, figureHeight: 0.3, foot: 0.93 },
  wide: { plateZoom: 1.05, blur: 0, figureHeight: 0.52, foot: 0.95 },
  medium: { plateZoom: 1.35, blur: 2, figureHeight: 0.86, foot: 1.16 },
  two_shot: { plateZoom: 1.25, blur: 1.5, figureHeight: 0.78, foot: 1.12 },
  over_shoulder: { plateZoom: 1.4, blur: 2.5, figureHeight: 0.84, foot: 1.14 },
  close_up: { plateZoom: 1.8, blur: 6, figureHeight: 0.98, foot: 1.1 },
  extreme_close_up: { plateZoom: 2.3, blur: 10, figureHeight: 1.75, foot: 1.62 },
  insert: { plateZoom: 2, blur: 8, figureHeight: 0.5, foot: 1.2 },
  complex: { plateZoom: 1.1, blur: 0, figureHeight: 0.5, foot: 0.96 },
};

async function stageBackground(order: FrameOrder, random: () => number, light: LightDirection): Promise<Sharp> {
  const { width, height } = order;
  const { plateZoom, blur } = framing[order.shotType];
  if (order.locationPath === null) return sharp(await gradientPlate(order, light));
  const wide = Math.round(width * plateZoom);
  const tall = Math.round(height * plateZoom);
  const plate = await sharp(order.locationPath).rotate().resize(wide, tall, { fit: 'cover' }).removeAlpha().toBuffer();
  const left = Math.floor(random() * (wide - width + 1));
  const top = Math.min(tall - height, Math.floor((0.25 + random() * 0.35) * (tall - height)));
  let picture = sharp(plate).extract({ left, top, width, height }).toColourspace('srgb');
  const sigma = blur * (height / 1280);
  // below this nothing would be seen of it, and the library refuses
  if (sigma >= 0.3) picture = sharp(await flatten(picture)).blur(sigma);
  return picture;
}

function gradientPlate(order: FrameOrder, light: LightDirection): Promise<Buffer> {
  const { tint } = light;
  const shade = (factor: number) => `rgb(${[tint.r, tint.g, tint.b].map((c) => Math.round(c * factor)).join(',')})`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${order.width}" height="${order.height}">
    <defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${shade(0.55)}"/>
    <stop offset="0.6" stop-color="${shade(0.85)}"/><stop offset="0.62" stop-color="${shade(0.35)}"/>
    <stop offset="1" stop-color="${shade(0.2)}"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#s)"/></svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().png().toBuffer();
}

/** Which figure an over-the-shoulder shot looks past: the one seen from behind, else the last. */
function shoulderIndex(order: FrameOrder): number {
  if (order.shotType !== 'over_shoulder' || order.characters.length < 2) return -1;
  const behind = order.characters.findIndex((figure) => figure.fromBehind);
  return behind === -1 ? Math.min(order.characters.length, 4) - 1 : behind;
}

/** Where figure `index` of `count` stands, as a fraction of the width. */
function figureCentre(order: FrameOrder, index: number, count: number): number {
  if (order.shotType === 'over_shoulder' && count > 1) return index === shoulderIndex(order) ? 0.12 : 0.64;
  if (count === 1) return order.shotType === 'close_up' || order.shotType === 'extreme_close_up' ? 0.5 : 0.46;
  const spread = count === 2 ? 0.5 : 0.66;
  return 0.5 - spread / 2 + (spread * index) / (count - 1);
}

async function placeFigures(order: FrameOrder, random: () => number): Promise<OverlayOptions[]> {
  const { figureHeight, foot } = framing[order.shotType];
  const figures = order.characters.slice(0, 4);
  const shoulder = shoulderIndex(order);
  const layers: { near: boolean; layer: OverlayOptions }[] = [];
  for (const [index, figureRef] of figures.entries()) {
    const near = index === shoulder;
    const tall = Math.round(order.height * figureHeight * (near ? 1.3 : 1) * (0.97 + random() * 0.06));
    const centre = figureCentre(order, index, figures.length) + (random() - 0.5) * 0.06;
    let figure = sharp(await cutFigure(figureRef.path, tall));
    if (near) figure = sharp(await figure.blur(4).modulate({ brightness: 0.42, saturation: 0.6 }).png().toBuffer());
    const picture = await figure.png().toBuffer({ resolveWithObject: true });
    const layer = await clipToFrame(picture.data, picture.info, order, {
      left: Math.round(centre * order.width - picture.info.width / 2),
      top: Math.round(order.height * (foot + (near ? 0.14 : 0)) - tall),
    });
    if (layer) layers.push({ near, layer });
  }
  return [...layers.filter(({ near }) => !near), ...layers.filter(({ near }) => near)].map(({ layer }) => layer);
}

/** A cut-out keeps its canvas, which says how tall a figure is beside the others. A hero without transparency (a photograph) gets a soft oval, so that it sits in the picture and not on it. */
async function cutFigure(path: string, tall: number): Promise<Buffer> {
  const source = sharp(path).rotate().ensureAlpha();
  const { isOpaque } = await sharp(path).stats();
  if (!isOpaque)
    return sharp(await source.trim().toBuffer())
      .resize({ height: tall })
      .png()
      .toBuffer();
  const picture = await source.resize({ height: tall }).png().toBuffer({ resolveWithObject: true });
  const { width, height } = picture.info;
  const mask = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><radialGradient id="m">
    <stop offset="0.72" stop-color="#fff"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs>
    <ellipse cx="50%" cy="50%" rx="50%" ry="50%" fill="url(#m)"/></svg>`;
  return sharp(picture.data)
    .composite([{ input: Buffer.from(mask), blend: 'dest-in' }])
    .png()
    .toBuffer();
}

/** sharp refuses overlays larger than the picture: cut away what lies outside; null when nothing is left. */
async function clipToFrame(
  picture: Buffer,
  size: { width: number; height: number },
  frame: { width: number; height: number },
  at: { left: number; top: number },
): Promise<OverlayOptions | null> {
  const left = Math.max(0, -at.left);
  const top = Math.max(0, -at.top);
  const width = Math.min(size.width - left, frame.width - Math.max(0, at.left));
  const height = Math.min(size.height - top, frame.height - Math.max(0, at.top));
  if (width <= 0 || height <= 0) return null;
  const input = await sharp(picture).extract({ left, top, width, height }).png().toBuffer();
  return { input, left: Math.max(0, at.left), top: Math.max(0, at.top) };
}

async function placeProps(order: FrameOrder, hasFigures: boolean, random: () => number): Promise<OverlayOptions[]> {
  const layers: OverlayOptions[] = [];
  const hero = order.shotType === 'insert' || !hasFigures;
  for (const [index, path] of order.propPaths.slice(0, 3).entries()) {
    const wide = Math.round(order.width * (hero ? 0.68 : 0.24));
    const prop = await sharp(path)
      .rotate()
      .ensureAlpha()
      .resize({ width: wide })
      .png()
      .toBuffer({ resolveWithObject: true });
    const centreX = hero ? 0.5 : 0.7 - index * 0.3 + (random() - 0.5) * 0.05;
    const layer = await clipToFrame(prop.data, prop.info, order, {
      left: Math.round(order.width * centreX - prop.info.width / 2),
      top: Math.round(order.height * (hero ? 0.52 : 0.8) - prop.info.height / 2),
    });
    if (layer) layers.push(layer);
  }
  return layers;
}

function lightLayers(order: FrameOrder, light: LightDirection): OverlayOptions[] {
  const { width, height } = order;
  const svg = (body: string) =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`);
  const scale = (color: Rgb) =>
    `rgb(${[color.r, color.g, color.b].map((c) => Math.round(Math.min(255, c * light.brightness))).join(',')})`;
  const layers: OverlayOptions[] = [
    { input: svg(`<rect width="100%" height="100%" fill="${scale(light.tint)}"/>`), blend: 'multiply' },
  ];
  if (light.pool) {
    const { x, y, r, g, b, strength } = light.pool;
    layers.push({
      input:
        svg(`<defs><radialGradient id="p" cx="${x}" cy="${y}" r="0.75"><stop offset="0" stop-color="rgb(${r},${g},${b})" stop-opacity="${strength}"/>
        <stop offset="1" stop-color="rgb(${r},${g},${b})" stop-opacity="0"/></radialGradient></defs><rect width="100%" height="100%" fill="url(#p)"/>`),
      blend: 'screen',
    });
  }
  layers.push({
    input:
      svg(`<defs><radialGradient id="v" cx="0.5" cy="0.48" r="0.8"><stop offset="0.45" stop-color="#000" stop-opacity="0"/>
      <stop offset="1" stop-color="#000" stop-opacity="${light.vignette}"/></radialGradient></defs><rect width="100%" height="100%" fill="url(#v)"/>`),
    blend: 'over',
  });
  return layers;
}

function slateLayer(order: FrameOrder): OverlayOptions[] {
  const strip = drawSlateStrip(order.width, order.slate);
  const raw = { width: strip.width, height: strip.height, channels: 1 as const };
  return [{ input: Buffer.from(strip.pixels), raw, left: 0, top: order.height - strip.height }];
}
