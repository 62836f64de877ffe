import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sniffContent } from '../../../src-main/media/sniff-content.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const ftyp = (major: string, ...compatible: string[]) =>
  Buffer.concat([
    Buffer.from([0, 0, 0, 16 + compatible.length * 4]),
    bytes(`ftyp${major}\0\0\x02\0${compatible.join('')}`),
    Buffer.alloc(64, 7),
  ]);

describe('pictures by content', () => {
  test.each([
    ['jpeg', bytes('\xff\xd8\xff\xe0\0\x10JFIF')],
    ['png', bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
    ['gif', bytes('GIF89a\x01\0\x01\0')],
    ['webp', bytes('RIFF\x10\0\0\0WEBPVP8 ')],
    ['avif', ftyp('avif', 'mif1', 'miaf')],
  ])('%s', (format, head) => {
    expect(sniffContent(head)).toEqual({ kind: 'still', format });
  });

  test.each([
    ['heic', ftyp('heic', 'mif1')],
    ['tiff', bytes('II*\0\x08\0\0\0')],
    ['svg', bytes('<?xml version="1.0"?><svg onload="alert(1)">')],
    ['pdf', bytes('%PDF-1.7')],
    ['jxl', bytes('\0\0\0\x0cJXL \r\n\x87\n')],
  ])('%s is refused with a way out', (container, head) => {
    const content = sniffContent(head);
    expect(content).toMatchObject({ kind: 'refused', container });
    expect(content.kind === 'refused' && content.problem).toMatch(/PNG/);
  });
});

describe('films by content', () => {
  test.each([
    ['mp4', ftyp('isom', 'iso2', 'avc1')],
    ['mov', ftyp('qt  ')],
    ['mov', bytes('\0\0\x12\x34moov\0\0')],
    ['webm', bytes('\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm')],
    ['mkv', bytes('\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska')],
    ['avi', bytes('RIFF\x10\0\0\0AVI LIST')],
    ['mxf', bytes('\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01')],
    ['wav', bytes('RIFF\x10\0\0\0WAVEfmt ')],
    ['ts', Buffer.concat([0, 1, 2, 3].map(() => Buffer.concat([bytes('\x47\x40\0'), Buffer.alloc(185, 0xff)])))],
    ['mp3', bytes('ID3\x03\0\0\0')],
  ])('%s', (container, head) => {
    expect(sniffContent(head)).toMatchObject({ kind: 'stream', container });
  });
});

describe('what is no media', () => {
  test.each([
    ['empty', Buffer.alloc(0), /empty/],
    ['zeros', Buffer.alloc(4096), /zero bytes/],
    ['html', bytes('\n<!DOCTYPE html><html>'), /web page/],
    ['html', bytes('<h1>502 Bad Gateway</h1>'), /web page/],
    ['json', bytes('{"detail":"policy"}'), /JSON/],
    ['playlist', bytes('#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd'), /playlist/],
    ['playlist', bytes('ffconcat version 1.0\nfile /etc/passwd'), /list of other files/],
    ['playlist', bytes("file '/etc/passwd'"), /list of other files/],
    ['unknown', bytes('\0'), /only 1 byte/],
    ['unknown', bytes('just some words that mean nothing'), /recognised/],
  ])('%s', (container, head, sentence) => {
    const content = sniffContent(head);
    expect(content).toMatchObject({ kind: 'refused', container });
    expect(content.kind === 'refused' && content.problem).toMatch(sentence);
  });

  test('any bytes get an answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (head) => {
        expect(['still', 'stream', 'refused']).toContain(sniffContent(head).kind);
      }),
    );
  });
});
