import type { OverlayOptions } from 'sharp';
import type { FrameOrder } from './frame-order.ts';
import type { CameraMove } from './read-direction.ts';

/** The arrows that a storyboard artist draws for a camera move; previs only. */
export function cameraMarks(order: FrameOrder, move: CameraMove): OverlayOptions[] {
  if (order.treatment !== 'pencil' || move === 'static') return [];
  const { width: w, height: h } = order;
  const stroke = `fill="none" stroke="#c8452f" stroke-width="${Math.max(3, w / 150)}" stroke-linecap="round" stroke-linejoin="round" opacity="0.9"`;
  const arrow = (x1: number, y1: number, x2: number, y2: number) => {
    const angle = Math.atan2(y2 - y1, x2 - x1);
    const head = w / 22;
    const wing = (turn: number) => `${x2 - head * Math.cos(angle + turn)},${y2 - head * Math.sin(angle + turn)}`;
    return `<path d="M${x1},${y1} L${x2},${y2} M${wing(0.5)} L${x2},${y2} L${wing(-0.5)}" ${stroke}/>`;
  };
  const corners = (inward: boolean) =>
    [
      [0.06, 0.05, 0.2, 0.13],
      [0.94, 0.05, 0.8, 0.13],
      [0.06, 0.93, 0.2, 0.85],
      [0.94, 0.93, 0.8, 0.85],
    ]
      .map(([ox, oy, ix, iy]) => [Number(ox) * w, Number(oy) * h, Number(ix) * w, Number(iy) * h] as const)
      .map(([ox, oy, ix, iy]) => (inward ? arrow(ox, oy, ix, iy) : arrow(ix, iy, ox, oy)))
      .join('');
  const drawings: Record<Exclude<CameraMove, 'static'>, string> = {
    push: corners(true),
    pull: corners(false),
    'pan-left': arrow(w * 0.78, h * 0.1, w * 0.22, h * 0.1),
    'pan-right': arrow(w * 0.22, h * 0.1, w * 0.78, h * 0.1),
    'tilt-up': arrow(w * 0.92, h * 0.7, w * 0.92, h * 0.28),
    'tilt-down': arrow(w * 0.92, h * 0.28, w * 0.92, h * 0.7),
    orbit: `<path d="M${w * 0.16},${h * 0.84} Q${w * 0.5},${h * 0.93} ${w * 0.84},${h * 0.84}" ${stroke}/>${arrow(w * 0.8, h * 0.852, w * 0.85, h * 0.838)}`,
    handheld: `<path d="M${w * 0.08},${h * 0.06} q${w * 0.03},-${h * 0.02} ${w * 0.06},0 t${w * 0.06},0 t${w * 0.06},0 t${w * 0.06},0" ${stroke}/>`,
  };
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}">${drawings[move]}</svg>`;
  return [{ input: Buffer.from(svg) }];
}
