import { useEffect, useRef } from 'react';
import type { PlayerSession } from './player-session.ts';
import type { PaneSnapshot } from './player-types.ts';
import { usePlayerSnapshot } from './use-player.ts';

export interface PlayerPaneProps {
  session: PlayerSession;
  paneIndex: number;
  className?: string;
  /** drawn over the picture: notes, guides */
  children?: React.ReactNode;
}

/** One pane: the canvas, the take's label and, where there is no picture, why. */
export function PlayerPane({ session, paneIndex, className, children }: PlayerPaneProps) {
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const pane = usePlayerSnapshot(session, (snapshot) => snapshot.panes[paneIndex]);
  useEffect(() => {
    const canvas = canvasRef.current;
    return canvas ? session.attachCanvas(paneIndex, canvas) : undefined;
  }, [session, paneIndex]);
  const poster = pane?.state.kind === 'opening' && pane.paintedFrame === null ? pane.posterUrl : null;
  return (
    <div className={className} style={{ position: 'relative', overflow: 'hidden', minWidth: 0, minHeight: 0 }}>
      {poster !== null && (
        <img src={poster} alt="" style={{ ...fill, objectFit: 'contain' }} data-testid={`pane-${paneIndex}-poster`} />
      )}
      <canvas ref={canvasRef} style={fill} role="img" aria-label={pane ? describePane(pane) : 'Empty pane'} />
      {children}
      {pane && pane.label !== '' && <div style={labelStyle}>{pane.label}</div>}
      {pane && <PaneNotice pane={pane} />}
    </div>
  );
}

function PaneNotice({ pane }: { pane: PaneSnapshot }) {
  const notice = noticeOf(pane);
  if (notice === null) return null;
  const isWhole = pane.paintedFrame === null;
  return (
    <div role="status" style={isWhole ? wholeNoticeStyle : cornerNoticeStyle}>
      {notice}
    </div>
  );
}

/** What a pane says instead of, or beside, its picture; null when the picture says it all. */
export function noticeOf(pane: PaneSnapshot): string | null {
  switch (pane.state.kind) {
    case 'empty':
      return 'No take selected';
    case 'opening':
      return pane.posterUrl === null ? 'Opening…' : null;
    case 'waiting':
      return pane.paintedFrame === null ? 'Opening…' : `Decoding frame ${pane.state.frame}…`;
    case 'proxy-needed':
      return 'This format needs a proxy before it can be played.';
    case 'unreadable':
      return pane.state.reason;
    case 'ready':
      if (pane.ended) return 'End';
      return pane.proxyOnly ? 'Proxy' : null;
  }
}

function describePane(pane: PaneSnapshot): string {
  const name = pane.label === '' ? (pane.takeId ?? 'Picture') : pane.label;
  return pane.paintedFrame === null ? name : `${name}, frame ${pane.paintedFrame}`;
}

const fill: React.CSSProperties = { position: 'absolute', inset: 0, width: '100%', height: '100%' };
const chip: React.CSSProperties = {
  position: 'absolute',
  padding: '2px 8px',
  borderRadius: 4,
  background: 'rgb(0 0 0 / 0.6)',
  color: '#e6e6e6',
  font: '12px/16px system-ui, sans-serif',
  pointerEvents: 'none',
};
const labelStyle: React.CSSProperties = { ...chip, left: 8, top: 8 };
const cornerNoticeStyle: React.CSSProperties = { ...chip, right: 8, top: 8 };
const wholeNoticeStyle: React.CSSProperties = {
  ...chip,
  left: '50%',
  top: '50%',
  transform: 'translate(-50%, -50%)',
  maxWidth: '80%',
};
