import type { GenerationRequest } from '../../src-shared/domain/attempt.ts';

type Frame = Pick<GenerationRequest['output'], 'width' | 'height'>;

/** How far an engine's picture may be from the project's shape before it is another shape. */
const tolerance = 0.02;

/** The name among `names` ("16:9", "1280:720") whose shape is the frame's; null when none is near enough. */
export function aspectNameOf<Name extends string>({ width, height }: Frame, names: readonly Name[]): Name | null {
  const wanted = width / height;
  const distance = (name: Name) => Math.abs(shapeOf(name) / wanted - 1);
  const nearest = names.toSorted((a, b) => distance(a) - distance(b))[0];
  return nearest !== undefined && distance(nearest) <= tolerance ? nearest : null;
}

/** What is said when an engine does not make pictures of the project's shape. */
export function aspectRefusal(frame: Frame, names: readonly string[], title: string): string | null {
  if (aspectNameOf(frame, names) !== null) return null;
  return `${title} makes pictures of ${names.join(', ')} here; the project is ${frame.width}×${frame.height}.`;
}

function shapeOf(name: string): number {
  const [width = 0, height = 0] = name.split(':').map(Number);
  return width / height;
}
