import { describe, expect, test } from 'vitest';
import { composeArguments, failed, inputArguments } from '../../../src-main/media/ffmpeg.ts';
import { parseFilterList, parseProgress, parseRelease, parseVersion } from '../../../src-main/media/ffmpeg-output.ts';

describe('what ffmpeg prints', () => {
  test('the version line of a distribution, a release and a development build', () => {
    const banner = 'ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers\nbuilt with gcc 12';
    expect(parseVersion(banner)).toBe('5.1.9-0+deb12u1');
    expect(parseVersion('ffmpeg version N-119000-g1a2b3c Copyright')).toBe('N-119000-g1a2b3c');
    expect(parseVersion('bash: ffmpeg: command not found')).toBeNull();
    expect(parseRelease('5.1.9-0+deb12u1')).toEqual({ major: 5, minor: 1 });
    expect(parseRelease('n7.0.2')).toEqual({ major: 7, minor: 0 });
    expect(parseRelease('N-119000-g1a2b3c')).toBeNull();
  });

  test('the filter list, without its legend', () => {
    const list = [
      'Filters:',
      '  T.. = Timeline support',
      '  | = Source or sink filter',
      ' TSC blackdetect       V->V       Detect video intervals that are (almost) black.',
      ' ... abench            A->A       Benchmark part of a filtergraph.',
      ' ..C acrossfade        AA->A      Cross fade two input audio streams.',
      ' ... anullsrc          |->A       Null audio source, return empty audio frames.',
    ].join('\n');
    expect([...parseFilterList(list)]).toEqual(['blackdetect', 'abench', 'acrossfade', 'anullsrc']);
  });

  test('the filter list of newer releases, which dropped a column', () => {
    expect(parseFilterList(' TS signalstats       V->V       Generate statistics.').has('signalstats')).toBe(true);
  });

  test('progress is the last whole report of a chunk', () => {
    expect(parseProgress('frame=1\nout_time_us=40000\nprogress=continue\nout_time_us=1500000\nprogr')).toBe(1.5);
    expect(parseProgress('out_time_us=N/A\n')).toBeNull();
    expect(parseProgress('out_time_us=-80000\n')).toBe(0);
  });
});

describe('command lines', () => {
  test('a file is always a file: url behind whitelists, whatever its name', () => {
    for (const name of ['-rf.mp4', 'frame_%04d.png', 'concat:a.mp4|b.mp4', 'http:evil.mp4', 'a b.mp4']) {
      const args = inputArguments(name);
      expect(args.slice(-2)).toEqual(['-i', `file:${name}`]);
      expect(args[args.indexOf('-protocol_whitelist') + 1]).toBe('file,pipe');
      expect(args[args.indexOf('-format_whitelist') + 1]?.split(',')).not.toContain('hls');
    }
  });

  test('the composed array keeps every option whole and in order', () => {
    const args = composeArguments({
      input: '/takes/-a %04d.mp4',
      inputOptions: ['-xerror'],
      filterGraph: '[0:v]split=2[a][b]',
      outputs: [
        { to: { file: 'proxy.mp4' }, options: ['-map', '[a]', '-c:v', 'libx264'] },
        { to: 'stdout', options: ['-map', '[b]', '-f', 'rawvideo'] },
        { to: 'nothing', options: ['-map', '0:a'] },
      ],
    });
    expect(args.slice(args.indexOf('-xerror'), args.indexOf('-xerror') + 3)).toEqual([
      '-xerror',
      '-i',
      'file:/takes/-a %04d.mp4',
    ]);
    const outputs = args.slice(args.indexOf('[0:v]split=2[a][b]') + 1);
    expect(outputs).toEqual(
      '-map [a] -c:v libx264 file:proxy.mp4 -map [b] -f rawvideo pipe:1 -map 0:a -f null -'.split(' '),
    );
  });

  test('an option that would be torn apart is refused', () => {
    expect(() => composeArguments({ input: 'a', outputs: [{ to: 'nothing', options: ['-vf scale'] }] })).toThrow(
      /space/,
    );
  });
});

describe('a bad exit', () => {
  const result = { exitCode: 1, stdout: Buffer.alloc(0), truncated: false, stderr: '', timedOut: false, durationMs: 1 };

  test('carries the command and the last words', () => {
    const error = failed('ffmpeg', ['-i', 'x'], { ...result, stderr: 'one\ntwo\nInvalid data found' });
    expect(error).toMatchObject({ code: 'media.ffmpeg-failed', detail: { args: ['-i', 'x'], exitCode: 1 } });
    expect(JSON.stringify(error.detail)).toContain('Invalid data found');
  });

  test('of a full disk is a full disk, and of a timeout says so', () => {
    const full = failed('ffmpeg', [], { ...result, stderr: 'av_interleaved_write_frame(): No space left on device' });
    expect(full).toMatchObject({ code: 'disk.full', retry: true });
    expect(failed('ffmpeg', [], { ...result, exitCode: null, timedOut: true }).message).toMatch(/too long/);
  });
});
