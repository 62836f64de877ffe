import type { ShotType } from '../../../src-shared/domain/plan.ts';

/** `noir`, `wash`… : the engine's look; a reroute chooses another. */
export const frameStyles = ['standard', 'noir', 'wash'] as const;
export type FrameStyle = (typeof frameStyles)[number];

/** A figure to place; one seen from behind stands nearest in an over-the-shoulder shot. */
export interface FigureRef {
  path: string;
  fromBehind: boolean;
}

export interface FrameOrder {
  width: number;
  height: number;
  seed: number;
  treatment: 'pencil' | 'painted';
  style: FrameStyle;
  shotType: ShotType;
  cameraLine: string;
  lightingLine: string;
  /** absolute paths */
  locationPath: string | null;
  characters: FigureRef[];
  propPaths: string[];
  slate: string;
}
