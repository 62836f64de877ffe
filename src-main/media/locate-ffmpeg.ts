// Where ffmpeg is: the setting first, then the binary that the optional package brings, then the system's.
import { access, constants } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';

export interface FfmpegPaths {
  ffmpeg: string;
  /** absent with ffmpeg-static, which brings no ffprobe: then ffmpeg's own banner is read instead */
  ffprobe: string | null;
}

export interface LocateOptions {
  /** the path from the settings */
  setting?: string | undefined;
  env?: Record<string, string | undefined>;
}

/** Finds the programs without starting them; the system's are named bare and looked up on PATH by name. */
export async function locateFfmpeg(options: LocateOptions = {}): Promise<FfmpegPaths> {
  const env = options.env ?? process.env;
  const chosen = options.setting ?? env.CIRCLETAKE_FFMPEG;
  const onPath = await findOnPath('ffprobe', env);
  if (chosen) return { ffmpeg: chosen, ffprobe: (await siblingProbe(chosen)) ?? onPath };
  const packaged = await locatePackaged();
  if (packaged) return { ffmpeg: packaged, ffprobe: onPath };
  const system = await findOnPath('ffmpeg', env);
  return { ffmpeg: system ?? 'ffmpeg', ffprobe: onPath };
}

async function locatePackaged(): Promise<string | null> {
  // an optional dependency: the name is kept from the compiler, which cannot know whether it is installed
  const packageName: string = 'ffmpeg-static';
  try {
    const loaded = (await import(packageName)) as { default?: unknown };
    const path = loaded.default;
    return typeof path === 'string' && (await isExecutable(path)) ? path : null;
  } catch {
    return null;
  }
}

async function siblingProbe(ffmpegPath: string): Promise<string | null> {
  const path = join(dirname(ffmpegPath), `ffprobe${extname(ffmpegPath) === '.exe' ? '.exe' : ''}`);
  return ffmpegPath.includes('/') || ffmpegPath.includes('\\') ? ((await isExecutable(path)) ? path : null) : null;
}

async function findOnPath(name: string, env: Record<string, string | undefined>): Promise<string | null> {
  const windows = process.platform === 'win32';
  const folders = (env.PATH ?? env.Path ?? '').split(windows ? ';' : ':').filter((folder) => folder !== '');
  for (const folder of folders) {
    const path = join(folder, windows ? `${name}.exe` : name);
    if (await isExecutable(path)) return path;
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
