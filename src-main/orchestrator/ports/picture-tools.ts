/** Runs one ffmpeg job; src-main/media owns the only spawner and limits how many run at once. */
export interface FfmpegRunner {
  /** `args` without the program's name; paths are absolute and given as `file:` urls. Throws media.ffmpeg-failed. */
  run(args: readonly string[], options: { signal: AbortSignal; timeoutMs: number }): Promise<void>;
}
