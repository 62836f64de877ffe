// What a file is, from its bytes: in process where mediabunny or sharp can read it, by ffprobe where they cannot. Bad
// content is an answer (`unreadable`, with a sentence); only a file that cannot be read at all is an error.
import { type FileHandle, open } from 'node:fs/promises';
import type { MediaProbe } from '../../src-shared/domain/media.ts';
import { AppError, isAbortError } from '../platform/app-error.ts';
import { toFileError } from '../platform/atomic-file.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { isAudioNative, soundProblem, videoPlayability } from './playability.ts';
import { readContainer } from './read-container.ts';
import { emptyHead, readStillBytes, readStillHead } from './read-still.ts';
import { readWithFfprobe } from './read-with-ffprobe.ts';
import { type ContentKind, sniffBytes, sniffContent } from './sniff-content.ts';
import type { StreamFacts } from './stream-facts.ts';

export interface ProbeOptions {
  /** null where ffmpeg is not installed: rare formats are then unreadable */
  ffmpeg: Ffmpeg | null;
  signal?: AbortSignal | undefined;
}

/** Probes one file. Never rejects for bad content. */
export async function probeMedia(path: string, options: ProbeOptions): Promise<MediaProbe> {
  options.signal?.throwIfAborted();
  const file = await open(path, 'r').catch((error: unknown) => {
    throw toFileError(error, path);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw notAFile(path);
    const head = Buffer.alloc(Math.min(sniffBytes, stat.size));
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const content = sniffContent(head.subarray(0, bytesRead));
    return await probeContent({ path, file, sizeBytes: stat.size }, content, options);
  } catch (error) {
    throw toFileError(error, path);
  } finally {
    await file.close();
  }
}

interface OpenFile {
  path: string;
  file: FileHandle;
  sizeBytes: number;
}

async function probeContent(source: OpenFile, content: ContentKind, options: ProbeOptions): Promise<MediaProbe> {
  const base = { ...unknownMedia, sizeBytes: source.sizeBytes };
  if (content.kind === 'still') return probeStill(source, content.format, options);
  const { container, mimeType } = content;
  if (content.kind === 'refused') {
    const kind = mimeType.startsWith('image/') ? 'still' : 'clip';
    return { ...base, kind, container, mimeType, problem: content.problem };
  }
  const facts = await readStream(source, content, options);
  return facts ? fromFacts({ ...base, container, mimeType }, facts) : undecodable({ ...base, container, mimeType });
}

async function readStream(
  source: OpenFile,
  how: { container: string; reader: 'mediabunny' | 'ffprobe' },
  options: ProbeOptions,
): Promise<StreamFacts | null> {
  if (how.reader === 'mediabunny') {
    // a parser that trips over hostile bytes has said enough: ffprobe has the last word
    const facts = await readContainer(source.file, source.sizeBytes).catch(() => null);
    if (facts) return facts;
  }
  if (options.ffmpeg === null) return null;
  try {
    return await readWithFfprobe(options.ffmpeg, { path: source.path, container: how.container }, options.signal);
  } catch (error) {
    if (isAbortError(error)) throw error;
    return null;
  }
}

function fromFacts(base: MediaProbe, facts: StreamFacts): MediaProbe {
  const { hasVideo, hopeless, ...known } = facts;
  const probe: MediaProbe = { ...base, ...known, hasAudio: facts.audioCodec !== null };
  if (!hasVideo && facts.audioCodec !== null) {
    const playability = isAudioNative(facts.audioCodec) ? 'native' : 'proxy-needed';
    return { ...probe, kind: 'audio', mimeType: audioMimeOf(base), playability };
  }
  if (hopeless) return { ...probe, playability: 'unreadable', problem: facts.problem ?? nothingDecodes };
  const playability = videoPlayability(base.container, facts.videoCodec);
  return { ...probe, playability, problem: facts.problem ?? soundProblem(facts.audioCodec, playability) };
}

const nothingDecodes = 'Nothing here can decode this file. It may be damaged; render or download it again.';

function undecodable(base: MediaProbe): MediaProbe {
  return { ...base, problem: base.problem ?? nothingDecodes };
}

function audioMimeOf(base: MediaProbe): string {
  return base.mimeType.replace(/^video\/(mp4|webm)$/, 'audio/$1');
}

async function probeStill(source: OpenFile, format: string, options: ProbeOptions): Promise<MediaProbe> {
  const base = { ...unknownMedia, sizeBytes: source.sizeBytes };
  const bytes = await readStillBytes(source.path, source.sizeBytes);
  const head = bytes ? await readStillHead(bytes) : { ...emptyHead, problem: 'The picture file is too large to open.' };
  if (format === 'gif' && head.animated && head.problem === null) {
    const facts = await readStream(source, { container: 'gif', reader: 'ffprobe' }, options);
    if (facts) return fromFacts({ ...base, container: 'gif', mimeType: 'image/gif' }, facts);
  }
  const { animated, ...known } = head;
  const problem = head.problem ?? (animated ? 'An animated picture: only its first frame is shown.' : null);
  const playability = head.problem === null ? 'native' : 'unreadable';
  return { ...base, ...known, kind: 'still', container: format, mimeType: `image/${format}`, playability, problem };
}

const unknownMedia: MediaProbe = {
  kind: 'clip',
  container: 'unknown',
  mimeType: 'application/octet-stream',
  width: null,
  height: null,
  rotation: 0,
  durationSeconds: null,
  frameRate: null,
  frameCount: null,
  videoCodec: null,
  pixelFormat: null,
  hasAudio: false,
  audioCodec: null,
  sizeBytes: 0,
  playability: 'unreadable',
  problem: null,
};

function notAFile(path: string): AppError {
  return new AppError({
    code: 'media.unreadable',
    message: `${path} is not a file.`,
    hint: 'Add files, not folders or devices.',
  });
}
