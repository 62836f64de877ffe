import { describe, expect, it } from 'vitest';
import { noticeOf } from '../../../src-renderer/player/player-pane.tsx';
import type { PaneSnapshot } from '../../../src-renderer/player/player-types.ts';

const pane: PaneSnapshot = {
  takeId: 'SH010_T1',
  label: 'SH010 T1',
  posterUrl: null,
  state: { kind: 'ready' },
  paintedFrame: 12,
  paintedOrigin: 'original',
  frameRate: { num: 24, den: 1 },
  frameCount: 48,
  width: 1920,
  height: 1080,
  ended: false,
  proxyOnly: false,
  hasAudio: false,
  audioProblem: null,
  cachedRanges: [],
  proxyCachedRanges: [],
  pictureRect: null,
};

describe('what a pane says beside its picture', () => {
  it('is nothing while the picture says it all', () => {
    expect(noticeOf(pane)).toBeNull();
  });

  it('marks the end of shorter media and a proxy shown in place of the original', () => {
    expect(noticeOf({ ...pane, ended: true })).toBe('End');
    expect(noticeOf({ ...pane, proxyOnly: true })).toBe('Proxy');
  });

  it('names the frame it waits for while another is on the canvas', () => {
    expect(noticeOf({ ...pane, state: { kind: 'waiting', frame: 30 } })).toBe('Decoding frame 30…');
  });

  it('says why there is no picture', () => {
    const reason = 'The file has no video track.';
    expect(noticeOf({ ...pane, state: { kind: 'unreadable', reason, frame: null } })).toBe(reason);
    expect(noticeOf({ ...pane, state: { kind: 'proxy-needed' } })).toMatch(/proxy/);
    expect(noticeOf({ ...pane, state: { kind: 'empty' } })).toBe('No take selected');
  });

  it('is quiet over a poster, which is a picture already', () => {
    expect(noticeOf({ ...pane, state: { kind: 'opening' }, paintedFrame: null, posterUrl: '/poster' })).toBeNull();
    expect(noticeOf({ ...pane, state: { kind: 'opening' }, paintedFrame: null })).toBe('Opening…');
  });
});
