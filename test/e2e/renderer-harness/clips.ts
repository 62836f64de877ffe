/** Small clips and stills with their frame number burnt in, made by ffmpeg once per run of the harness. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Filmstrip, MediaProbe } from '../../../src-shared/domain/media.ts';

const run = promisify(execFile);
const rate = { num: 24, den: 1 };

export interface Clip {
  original: string;
  poster: string;
  filmstrip: string | null;
  proxy: string | null;
  sha256: string;
  probe: MediaProbe;
  strip: Filmstrip | null;
}

export interface ClipRecipe {
  name: string;
  hue: number;
  text: string;
  kind: 'clip' | 'still';
  seconds: number;
  /** ProRes, which Chromium does not decode */
  proxyNeeded?: boolean;
}

const size = { width: 360, height: 640 };
const tile = { width: 90, height: 160, columns: 5 };

/** Makes the files of one take in a folder. */
export async function makeClip(folder: string, recipe: ClipRecipe): Promise<Clip> {
  const isStill = recipe.kind === 'still';
  const extension = isStill ? 'png' : recipe.proxyNeeded ? 'mov' : 'mp4';
  const at = (view: string, ending: string) => join(folder, `${recipe.name}.${view}.${ending}`);
  const original = at('original', extension);
  await run('ffmpeg', [...source(recipe), ...encoder(recipe), '-y', original]);
  const poster = at('poster', 'jpg');
  await run('ffmpeg', ['-v', 'error', '-i', original, '-frames:v', '1', '-vf', 'scale=-2:320', '-y', poster]);
  const tiles = Math.ceil(recipe.seconds * 5);
  const filmstrip = isStill ? null : at('strip', 'jpg');
  if (filmstrip !== null) {
    const grid = `fps=5,scale=${tile.width}:${tile.height},tile=${tile.columns}x${Math.ceil(tiles / tile.columns)}`;
    await run('ffmpeg', ['-v', 'error', '-i', original, '-vf', grid, '-frames:v', '1', '-y', filmstrip]);
  }
  const proxy = isStill ? null : at('proxy', 'mp4');
  if (proxy !== null) {
    await run('ffmpeg', [
      '-v',
      'error',
      '-i',
      original,
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      '-g',
      '1',
      '-y',
      proxy,
    ]);
  }
  const strip = filmstrip === null ? null : stripOf(tiles);
  return {
    original,
    poster,
    filmstrip,
    proxy,
    strip,
    sha256: await hashOf(original),
    probe: await probeOf(original, recipe),
  };
}

function source(recipe: ClipRecipe): string[] {
  const frames = recipe.kind === 'still' ? 1 : Math.round(recipe.seconds * 24);
  const label = `drawtext=text='${recipe.text}':fontsize=26:fontcolor=white@0.85:x=(w-tw)/2:y=h*0.78`;
  const counter = `drawtext=text='%{frame_num}':start_number=0:fontsize=72:fontcolor=white:x=(w-tw)/2:y=(h-th)/2`;
  const sky = `gradients=s=${size.width}x${size.height}:r=24:n=3:c0=0x0b1a22:c1=0x3b5a66:c2=0xd9923b:x0=180:y0=0:x1=180:y1=640:speed=0.01:seed=${recipe.hue}`;
  return [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    sky,
    '-frames:v',
    String(frames),
    '-vf',
    `hue=h=${recipe.hue},noise=alls=6:allf=t,${label},${counter}`,
  ];
}

function encoder(recipe: ClipRecipe): string[] {
  if (recipe.kind === 'still') return [];
  if (recipe.proxyNeeded) return ['-c:v', 'prores_ks', '-profile:v', '1'];
  return ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '48', '-movflags', '+faststart'];
}

function stripOf(tiles: number): Filmstrip {
  return {
    columns: tile.columns,
    rows: Math.ceil(tiles / tile.columns),
    tileWidth: tile.width,
    tileHeight: tile.height,
    secondsPerTile: 0.2,
    tileCount: tiles,
  };
}

async function hashOf(path: string): Promise<string> {
  return `sha256:${createHash('sha256')
    .update(await readFile(path))
    .digest('hex')}`;
}

async function probeOf(path: string, recipe: ClipRecipe): Promise<MediaProbe> {
  const isStill = recipe.kind === 'still';
  const { size: sizeBytes } = await stat(path);
  return {
    kind: recipe.kind,
    container: isStill ? 'png' : recipe.proxyNeeded ? 'mov' : 'mp4',
    mimeType: isStill ? 'image/png' : recipe.proxyNeeded ? 'video/quicktime' : 'video/mp4',
    ...size,
    rotation: 0,
    durationSeconds: isStill ? null : recipe.seconds,
    frameRate: isStill ? null : rate,
    frameCount: isStill ? null : Math.round(recipe.seconds * 24),
    videoCodec: isStill ? 'png' : recipe.proxyNeeded ? 'prores' : 'h264',
    pixelFormat: isStill ? 'rgb24' : recipe.proxyNeeded ? 'yuv422p10le' : 'yuv420p',
    hasAudio: false,
    audioCodec: null,
    sizeBytes,
    playability: recipe.proxyNeeded ? 'proxy-needed' : 'native',
    problem: null,
  };
}
