// The pixel format (ffmpeg's name) that a codec parameter string tells, where it tells one.

const chromaNames = ['400', '420', '422', '444'] as const;
type Chroma = (typeof chromaNames)[number];

/** Reads chroma and depth from `avc1.…`, `vp09.…`, `av01.…` or `hvc1.…`; null where the string does not hold them. */
export function pixelFormatOf(codecString: string | null, description?: Uint8Array): string | null {
  if (codecString === null) return null;
  if (codecString === 'vp8') return 'yuv420p';
  const parts = codecString.split('.');
  switch (parts[0]) {
    case 'avc1':
    case 'avc3':
      return fromAvc(parts[1] ?? '', description);
    case 'vp09':
      return fromVp9(parts);
    case 'av01':
      return fromAv1(parts);
    case 'hvc1':
    case 'hev1':
      return parts[1] === '1' ? 'yuv420p' : parts[1] === '2' ? 'yuv420p10le' : null;
    default:
      return null;
  }
}

function fromAvc(profileAndLevel: string, description: Uint8Array | undefined): string | null {
  const profile = Number.parseInt(profileAndLevel.slice(0, 2), 16);
  const extension = description && readAvcExtension(description);
  if (extension) return nameOf(extension.chroma, extension.depth);
  if (profile === 66 || profile === 77 || profile === 88 || profile === 100) return 'yuv420p';
  return profile === 110 ? 'yuv420p10le' : null;
}

/** Chroma and depth follow the parameter sets in the avcC of High profiles (ISO 14496-15, 5.3.3.1.2). */
function readAvcExtension(avcc: Uint8Array): { chroma: Chroma; depth: number } | null {
  const byteAt = (at: number) => avcc[at] ?? 0;
  const skipSets = (start: number, count: number) => {
    let at = start;
    for (let index = 0; index < count; index += 1) at += 2 + ((byteAt(at) << 8) | byteAt(at + 1));
    return at;
  };
  const pictureSets = skipSets(6, byteAt(5) & 0x1f);
  const at = skipSets(pictureSets + 1, byteAt(pictureSets));
  const [chromaByte, depthByte] = [avcc[at], avcc[at + 1]];
  const chroma = chromaByte === undefined ? undefined : chromaNames[chromaByte & 3];
  if (chroma === undefined || depthByte === undefined || chroma === '400') return null;
  return { chroma, depth: 8 + (depthByte & 7) };
}

function fromVp9(parts: string[]): string {
  const depth = Number(parts[3] ?? 8);
  const subsampling = parts[4];
  return nameOf(subsampling === '02' ? '422' : subsampling === '03' ? '444' : '420', depth);
}

function fromAv1(parts: string[]): string {
  const depth = Number(parts[3] ?? 8);
  if (parts[4] === '1') return depth > 8 ? `gray${depth}le` : 'gray';
  const chroma = (parts[5] ?? '110').startsWith('11') ? '420' : parts[5]?.startsWith('10') ? '422' : '444';
  return nameOf(chroma, depth);
}

function nameOf(chroma: Chroma, depth: number): string {
  return depth > 8 ? `yuv${chroma}p${depth}le` : `yuv${chroma}p`;
}
