import { describe, expect, test } from 'vitest';
import { whyNoDesktop } from '../../../scripts/setup-electron.mjs';
import { howToInstallFfmpeg } from '../../../scripts/setup-ffmpeg.mjs';

const has =
  (...programs: string[]) =>
  (name: string) =>
    programs.includes(name) ? `/usr/bin/${name}` : null;

describe('what a machine can do', () => {
  test.each([
    ['darwin', has(), 'brew install ffmpeg'],
    ['win32', has(), 'winget install --id Gyan.FFmpeg'],
    ['linux', has('dnf'), 'sudo dnf install ffmpeg-free'],
    ['linux', has('apt-get'), 'sudo apt-get install ffmpeg'],
  ] as const)('says on %s how ffmpeg is installed', (platform, hasProgram, command) => {
    expect(howToInstallFfmpeg(platform, hasProgram)).toBe(command);
  });

  test('opens windows on macOS and Windows', () => {
    expect(whyNoDesktop('darwin', {}, 501)).toBeNull();
    expect(whyNoDesktop('win32', {}, undefined)).toBeNull();
  });

  test('opens windows on Linux where there is a display', () => {
    expect(whyNoDesktop('linux', { WAYLAND_DISPLAY: 'wayland-0' }, 1000)).toBeNull();
    expect(whyNoDesktop('linux', {}, 1000)).toBe('no display');
  });

  test('never opens a window without its sandbox', () => {
    expect(whyNoDesktop('linux', { DISPLAY: ':0' }, 0)).toMatch(/sandbox/);
  });
});
