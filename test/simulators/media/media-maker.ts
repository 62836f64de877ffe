/**
 * Draws results with ffmpeg, each drawing once: `media/` in the folder holds them by what they show, and a job's own mark is
 * added when it is handed out. Owns `media/` and `inputs/`; a drawing under way is under another name until it is whole.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, sha256Of } from '../core/canonical-json.ts';
import type { FaultPlan } from '../core/fault-plan.ts';
import type { Job } from '../core/job.ts';
import type { SimulatorStore } from '../core/simulator-store.ts';
import { type Drawing, drawingOf, ffmpegArguments, variants } from './media-arguments.ts';
import { withMark } from './unique-bytes.ts';

/** What it has to know of the world it draws for. */
interface Surroundings {
  readonly store: Pick<SimulatorStore, 'job' | 'inputOf'>;
  plan(): FaultPlan;
}

export type MediaMaker = ReturnType<typeof openMediaMaker>;

/** Opens the maker of a folder. */
export function openMediaMaker({ folder, ffmpeg }: { folder: string; ffmpeg: string }) {
  const drawings = join(folder, 'media');
  const inputs = join(folder, 'inputs');
  for (const path of [drawings, inputs]) mkdirSync(path, { recursive: true });
  const underWay = new Map<string, Promise<Buffer>>();
  // One at a time: the machine has other things to do.
  let last: Promise<unknown> = Promise.resolve();

  const draw = async (drawing: Drawing): Promise<Buffer> => {
    const name = `${sha256Of(canonicalJson(drawing)).slice(7, 27)}.${drawing.format}`;
    const path = join(drawings, name);
    if (!existsSync(path)) {
      const unfinished = join(drawings, `unfinished-${process.pid}-${name}`);
      await runFfmpeg(ffmpeg, ffmpegArguments(drawing, unfinished)).catch((error: unknown) => {
        rmSync(unfinished, { force: true });
        throw error;
      });
      renameSync(unfinished, path);
    }
    return readFile(path);
  };
  const drawOnce = (drawing: Drawing) => {
    const key = canonicalJson(drawing);
    const known = underWay.get(key);
    if (known) return known;
    const made = last.then(() => draw(drawing)).finally(() => underWay.delete(key));
    last = made.catch(() => undefined);
    underWay.set(key, made);
    return made;
  };
  const inputPath = (sha256: string) => join(inputs, sha256.slice(7));

  return {
    /** Keeps the pictures that came with a submit, once per hash, whole or not at all. */
    keepInputs(pictures: readonly Uint8Array[]) {
      for (const picture of pictures) {
        const path = inputPath(sha256Of(picture));
        if (existsSync(path)) continue;
        writeFileSync(`${path}.part`, picture);
        renameSync(`${path}.part`, path);
      }
    },
    /** The whole file of the nth result, unlike that of any other job unless the plan wants it so. */
    async bytesOf(world: Surroundings, job: Job, index: number): Promise<Buffer> {
      const original = job.effects.duplicateOf ? world.store.job(job.provider, job.effects.duplicateOf) : null;
      const shown = original ?? job;
      const first = shown.effects.otherPicture ?? shown.inputSha256s[0];
      const showsInput = first !== undefined && world.plan().settings.pictures === 'inputs';
      const variant = Number.parseInt(sha256Of(`${shown.id}/${index}`).slice(7, 15), 16) % variants;
      const drawing = drawingOf(shown.media, job.effects.defect, variant);
      const file = await drawOnce({ ...drawing, picture: showsInput ? inputPath(first) : null });
      const mark = `circletake simulator ${shown.provider} ${shown.id}/${index}`;
      return withMark(
        file,
        shown.media.format,
        mark,
        shown.provider === 'comfyui' ? graphTexts(world.store.inputOf(shown.id)) : {},
      );
    },
  };
}

/** ComfyUI writes the graph into its PNGs, and the workflow of its editor where it was sent along. */
function graphTexts(input: unknown): Record<string, string> {
  const { prompt, extra_data: extra } = input as { prompt: unknown; extra_data?: { extra_pnginfo?: object } };
  const texts = Object.entries({ prompt, ...extra?.extra_pnginfo });
  // A text chunk is Latin-1: JSON says the rest in escapes.
  return Object.fromEntries(texts.map(([name, value]) => [name, asciiJson(value)]));
}

function asciiJson(value: unknown): string {
  const escaped = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, escaped);
}

function runFfmpeg(program: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ended with code ${code}: ${said.trim()}\n${args.join(' ')}`));
    });
  });
}
