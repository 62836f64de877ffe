import type { ProductionState } from '../../src-shared/domain/production-state.ts';
import type { GateStatus } from '../../src-shared/domain/verdict.ts';
import { classNames } from './class-names.ts';

export type MarkShape = 'dot' | 'ring' | 'half' | 'check' | 'cross' | 'eye' | 'bar' | 'dash' | 'turn';
export type MarkTone = 'good' | 'bad' | 'eyes' | 'accent' | 'quiet' | 'faint';

const toneText: Record<MarkTone, string> = {
  good: 'text-good',
  bad: 'text-bad',
  eyes: 'text-eyes',
  accent: 'text-accent',
  quiet: 'text-quiet',
  faint: 'text-faint',
};

const shapes: Record<MarkShape, React.ReactNode> = {
  dot: <circle cx="6" cy="6" r="4" fill="currentColor" />,
  ring: <circle cx="6" cy="6" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  half: (
    <>
      <circle cx="6" cy="6" r="3.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 2.25a3.75 3.75 0 0 1 0 7.5z" fill="currentColor" />
    </>
  ),
  check: <path d="M2 6.5 5 9.5 10.5 2.5" fill="none" stroke="currentColor" strokeWidth="1.75" />,
  cross: <path d="m2.5 2.5 7 7m0-7-7 7" fill="none" stroke="currentColor" strokeWidth="1.75" />,
  eye: <path d="M6 1.5 10.75 10.25h-9.5z" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />,
  bar: <path d="M3.5 2v8M8.5 2v8" stroke="currentColor" strokeWidth="2" />,
  dash: <path d="M2.5 6h7" stroke="currentColor" strokeWidth="1.75" />,
  turn: <path d="M9.5 6A3.5 3.5 0 1 1 8 3.1M8.4.8v2.7H5.7" fill="none" stroke="currentColor" strokeWidth="1.5" />,
};

/** A shape that carries a state together with its colour; words stand beside it. */
export function Mark({ shape, tone, className }: { shape: MarkShape; tone: MarkTone; className?: string }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true" className={classNames('size-3 shrink-0', toneText[tone], className)}>
      {shapes[shape]}
    </svg>
  );
}

export const stateMarks: Record<ProductionState, { shape: MarkShape; tone: MarkTone; moving: boolean }> = {
  queued: { shape: 'ring', tone: 'quiet', moving: false },
  blocked: { shape: 'dash', tone: 'faint', moving: false },
  binding: { shape: 'half', tone: 'accent', moving: true },
  assembling: { shape: 'half', tone: 'accent', moving: true },
  auditing: { shape: 'half', tone: 'accent', moving: true },
  remediating: { shape: 'turn', tone: 'accent', moving: true },
  awaiting_operator: { shape: 'eye', tone: 'eyes', moving: false },
  stabilized: { shape: 'check', tone: 'good', moving: false },
  halted: { shape: 'bar', tone: 'bad', moving: false },
  escalated: { shape: 'cross', tone: 'bad', moving: false },
};

export const gateMarks: Record<GateStatus, { shape: MarkShape; tone: MarkTone }> = {
  pass: { shape: 'check', tone: 'good' },
  review: { shape: 'eye', tone: 'eyes' },
  fail: { shape: 'cross', tone: 'bad' },
  unmeasurable: { shape: 'dash', tone: 'eyes' },
  deferred: { shape: 'eye', tone: 'eyes' },
  skipped: { shape: 'dash', tone: 'faint' },
};

/** The mark of a production state, breathing while a station is at work. */
export function StateMark({ state }: { state: ProductionState }) {
  const mark = stateMarks[state];
  return <Mark shape={mark.shape} tone={mark.tone} className={mark.moving ? 'animate-breathe' : ''} />;
}
