// The demuxer of each container that sniffing knows. It is always named to ffmpeg: left to itself, ffmpeg takes a film
// called `frame_%04d.png` for a series of pictures and reads whatever it finds beside it.

const demuxers: Record<string, string> = {
  mp4: 'mov',
  mov: 'mov',
  webm: 'matroska',
  mkv: 'matroska',
  avi: 'avi',
  mxf: 'mxf',
  ts: 'mpegts',
  mpeg: 'mpeg',
  flv: 'flv',
  ivf: 'ivf',
  gif: 'gif',
  ogg: 'ogg',
  wav: 'wav',
  mp3: 'mp3',
  flac: 'flac',
};

/** Input options that name the demuxer of a container; none for a container that is not known. */
export function demuxerArguments(container: string): string[] {
  const demuxer = demuxers[container];
  return demuxer === undefined ? [] : ['-f', demuxer];
}
