// What a file is by its first bytes. The name is never looked at: providers save error pages as .mp4 and WebM as .png.

export type ContentKind =
  | { kind: 'still'; format: 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' }
  | { kind: 'stream'; container: string; mimeType: string; reader: 'mediabunny' | 'ffprobe' }
  | { kind: 'refused'; container: string; mimeType: string; problem: string };

/** Bytes from the start of a file that `sniffContent` wants to see; fewer when the file is shorter. */
export const sniffBytes = 4096;

/** Tells pictures, films and the things that are neither from their first bytes. */
export function sniffContent(head: Uint8Array): ContentKind {
  if (head.length === 0) return refuse('empty', 'The file is empty: nothing was written or downloaded.');
  if (head.length >= 16 && head.every((byte) => byte === 0)) {
    return refuse('zeros', 'The file holds only zero bytes, as after a power cut or a broken download.');
  }
  const text = Buffer.from(head).toString('latin1');
  return sniffStill(text) ?? sniffStream(head, text) ?? sniffText(text) ?? unknown(head.length);
}

function sniffStill(text: string): ContentKind | null {
  if (text.startsWith('\xff\xd8\xff')) return { kind: 'still', format: 'jpeg' };
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return { kind: 'still', format: 'png' };
  if (/^GIF8[79]a/.test(text)) return { kind: 'still', format: 'gif' };
  if (/^RIFF[\s\S]{4}WEBP/.test(text)) return { kind: 'still', format: 'webp' };
  const brands = ftypBrands(text);
  if (brands.includes('avif') || brands.includes('avis')) return { kind: 'still', format: 'avif' };
  if (brands.some((brand) => ['heic', 'heix', 'heim', 'heis', 'mif1', 'msf1', 'hevc', 'hevx'].includes(brand))) {
    return refusePicture('heic', 'image/heic', 'A HEIC picture');
  }
  if (text.startsWith('\0\0\0\x0cJXL ') || text.startsWith('\xff\n'))
    return refusePicture('jxl', 'image/jxl', 'A JPEG XL picture');
  if (text.startsWith('II*\0') || text.startsWith('MM\0*'))
    return refusePicture('tiff', 'image/tiff', 'A TIFF picture');
  if (text.startsWith('8BPS')) return refusePicture('psd', 'image/vnd.adobe.photoshop', 'A Photoshop file');
  if (text.startsWith('\x76\x2f\x31\x01')) return refusePicture('exr', 'image/x-exr', 'An OpenEXR picture');
  return null;
}

/** Major and compatible brands of an ISO file's `ftyp` box; empty for other files. */
function ftypBrands(text: string): string[] {
  if (text.slice(4, 8) !== 'ftyp') return [];
  const size = Buffer.from(text.slice(0, 4), 'latin1').readUInt32BE();
  const box = text.slice(8, Math.min(size, 256));
  const brands = (box.match(/[\s\S]{4}/g) ?? []).filter((_, index) => index !== 1);
  return brands.map((brand) => brand.trim());
}

function sniffStream(head: Uint8Array, text: string): ContentKind | null {
  const boxType = text.slice(4, 8);
  if (boxType === 'ftyp') {
    return ftypBrands(text)[0] === 'qt' ? stream('mov', 'video/quicktime') : stream('mp4', 'video/mp4');
  }
  if (['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'].includes(boxType)) return stream('mov', 'video/quicktime');
  if (boxType === 'styp' || boxType === 'moof') return stream('mp4', 'video/mp4');
  if (text.startsWith('\x1a\x45\xdf\xa3')) {
    return text.slice(0, 64).includes('webm') ? stream('webm', 'video/webm') : stream('mkv', 'video/x-matroska');
  }
  if (/^RIFF[\s\S]{4}AVI /.test(text)) return stream('avi', 'video/x-msvideo', 'ffprobe');
  if (/^(RIFF|RF64)[\s\S]{4}WAVE/.test(text)) return stream('wav', 'audio/wav');
  if (text.startsWith('\x06\x0e\x2b\x34\x02\x05\x01\x01')) return stream('mxf', 'application/mxf', 'ffprobe');
  if (text.startsWith('OggS')) return stream('ogg', 'application/ogg');
  if (text.startsWith('fLaC')) return stream('flac', 'audio/flac');
  if (text.startsWith('FLV')) return stream('flv', 'video/x-flv', 'ffprobe');
  if (text.startsWith('\x00\x00\x01\xba')) return stream('mpeg', 'video/mpeg', 'ffprobe');
  if (text.startsWith('DKIF')) return stream('ivf', 'video/x-ivf', 'ffprobe');
  if (isTransportStream(head)) return stream('ts', 'video/mp2t');
  if (text.startsWith('ID3') || isMpegAudio(head)) return stream('mp3', 'audio/mpeg');
  return null;
}

function isTransportStream(head: Uint8Array): boolean {
  const syncAt = (start: number, step: number) =>
    [0, 1, 2].every((packet) => {
      const at = start + packet * step;
      return at >= head.length ? packet > 0 : head[at] === 0x47;
    });
  return syncAt(0, 188) || syncAt(4, 192);
}

function isMpegAudio(head: Uint8Array): boolean {
  const [first, second] = head;
  if (first !== 0xff || second === undefined) return false;
  return (second & 0xf6) === 0xf0 || (second & 0xe0) === 0xe0;
}

function sniffText(text: string): ContentKind | null {
  const start = text.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^#EXTM3U/i.test(start) || /^#EXT-X-/i.test(start)) {
    return refuse(
      'playlist',
      'This is a playlist that points to other files, not a film. Only whole files are opened.',
    );
  }
  if (/^ffconcat|^file\s+['"]/i.test(start)) {
    return refuse('playlist', 'This is a list of other files, not a film. Only whole files are opened.');
  }
  if (/^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)?(<!doctype svg[^>]*>\s*)?<svg/i.test(start)) {
    return refusePicture('svg', 'image/svg+xml', 'An SVG drawing, which can hold scripts and links,');
  }
  if (/^<(!doctype html|html|head|body|script|!--|\?xml|h1|title)/i.test(start)) {
    return refuse('html', 'This is a web page, not media: the server answered with an error page.', 'text/html');
  }
  if (/^[{[]\s*(["{[\]}]|$)/.test(start)) {
    return refuse(
      'json',
      'This is a JSON message, not media: the provider answered with an error.',
      'application/json',
    );
  }
  if (start.startsWith('%PDF-')) return refusePicture('pdf', 'application/pdf', 'A PDF');
  if (start.startsWith('PK\x03\x04')) return refuse('zip', 'This is a ZIP archive. Unpack it and add the files in it.');
  return null;
}

function unknown(length: number): ContentKind {
  return refuse(
    'unknown',
    length < 16
      ? `The file holds only ${length} byte${length === 1 ? '' : 's'}: it was not written to its end.`
      : 'This is no film or picture that can be recognised by its content.',
  );
}

function stream(container: string, mimeType: string, reader: 'mediabunny' | 'ffprobe' = 'mediabunny'): ContentKind {
  return { kind: 'stream', container, mimeType, reader };
}

function refuse(container: string, problem: string, mimeType = 'application/octet-stream'): ContentKind {
  return { kind: 'refused', container, mimeType, problem };
}

function refusePicture(container: string, mimeType: string, name: string): ContentKind {
  return refuse(container, `${name} cannot be opened here. Export it as PNG, JPEG, WebP or AVIF.`, mimeType);
}
