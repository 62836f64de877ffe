import { describe, expect, test } from 'vitest';
import { parseBanner, parseProbeDocument } from '../../../src-main/media/read-with-ffprobe.ts';

const mxf = {
  streams: [
    {
      codec_type: 'video',
      codec_name: 'dnxhd',
      width: 1280,
      height: 720,
      pix_fmt: 'yuv422p10le',
      sample_aspect_ratio: '1:1',
      avg_frame_rate: '25/1',
      r_frame_rate: '25/1',
      duration: '0.200000',
      nb_read_packets: '5',
    },
    { codec_type: 'data', codec_name: undefined },
  ],
  format: { duration: '0.200000' },
};

describe("ffprobe's answer", () => {
  test('gives the facts of a picture stream', () => {
    expect(parseProbeDocument(JSON.stringify(mxf))).toMatchObject({
      hasVideo: true,
      hopeless: false,
      width: 1280,
      height: 720,
      durationSeconds: 0.2,
      frameRate: { num: 25, den: 1 },
      frameCount: 5,
      videoCodec: 'dnxhd',
      pixelFormat: 'yuv422p10le',
      audioCodec: null,
    });
  });

  test('turns and stretches as the picture is shown', () => {
    const stream = { ...mxf.streams[0], sample_aspect_ratio: '2:1', side_data_list: [{ rotation: -90 }] };
    const facts = parseProbeDocument(JSON.stringify({ streams: [stream] }));
    expect(facts).toMatchObject({ rotation: 90, width: 720, height: 2560 });
  });

  test('cover art is no film', () => {
    const cover = { ...mxf.streams[0], codec_name: 'png', disposition: { attached_pic: 1 } };
    const sound = { codec_type: 'audio', codec_name: 'mp3', duration: '3.5' };
    const facts = parseProbeDocument(JSON.stringify({ streams: [cover, sound] }));
    expect(facts).toMatchObject({ hasVideo: false, audioCodec: 'mp3', durationSeconds: 3.5 });
  });

  test('unknown stays null, and nonsense is no answer', () => {
    const facts = parseProbeDocument(
      JSON.stringify({ streams: [{ codec_type: 'video', duration: 'N/A', nb_frames: 'N/A' }] }),
    );
    expect(facts).toMatchObject({ hopeless: true, durationSeconds: null, frameCount: null, frameRate: null });
    for (const text of ['', 'null', '[]', '{"streams":{}}', '{"streams":[]}'])
      expect(parseProbeDocument(text)).toBeNull();
  });
});

describe("ffmpeg's banner", () => {
  const banner = [
    "Input #0, mxf, from 'file:a.mxf':",
    '  Duration: 00:01:02.50, start: 0.000000, bitrate: 81521 kb/s',
    '  Stream #0:0[0x1]: Video: dnxhd (DNXHR HQX), yuv422p10le(tv, bt709, progressive), 1280x720, SAR 2:1 DAR 32:9, 23.98 fps, 25 tbr, 25 tbn',
    '  Stream #0:1(eng): Audio: pcm_s24le, 48000 Hz, stereo, s32 (24 bit), 2304 kb/s',
    'At least one output file must be specified',
  ].join('\n');

  test('gives the facts where ffprobe is not installed', () => {
    expect(parseBanner(banner)).toMatchObject({
      videoCodec: 'dnxhd',
      pixelFormat: 'yuv422p10le',
      width: 2560,
      height: 720,
      durationSeconds: 62.5,
      frameRate: { num: 24_000, den: 1001 },
      audioCodec: 'pcm_s24le',
    });
  });

  test('of a file that does not open is no answer', () => {
    expect(parseBanner('file:a.mxf: Invalid data found when processing input')).toBeNull();
  });
});
