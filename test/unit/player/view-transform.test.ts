import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitView, panBy, placePicture, zoomAt, zoomOf } from '../../../src-renderer/player/view-transform.ts';

const picture = { width: 1920, height: 1080 };
const canvas = { width: 960, height: 960 };

describe('the view of a picture', () => {
  it('fits it whole and centred', () => {
    expect(placePicture(picture, canvas, fitView, 1)).toEqual({ x: 0, y: 210, width: 960, height: 540 });
  });

  it('shows a pixel of the picture on a pixel of the canvas at 1:1', () => {
    const view = { ...fitView, mode: 'actual' as const };
    const rect = placePicture(picture, canvas, view, zoomOf(view, picture, canvas));
    expect([rect.width, rect.height]).toEqual([1920, 1080]);
    expect(rect.x + rect.width / 2).toBeCloseTo(480);
  });

  it('keeps the point under the cursor in place while zooming', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const factor = fc.double({ min: 0.3, max: 3, noNaN: true });
    fc.assert(
      fc.property(unit, unit, factor, factor, (atX, atY, first, second) => {
        const start = zoomAt(fitView, first, {
          rect: placePicture(picture, canvas, fitView, 1),
          x: 480,
          y: 480,
          zoom: 1,
        });
        const before = placePicture(picture, canvas, start, start.zoom);
        const cursor = { x: before.x + atX * before.width, y: before.y + atY * before.height };
        const view = zoomAt(start, second, { rect: before, zoom: start.zoom, ...cursor });
        const after = placePicture(picture, canvas, view, view.zoom);
        expect(after.x + atX * after.width).toBeCloseTo(cursor.x, 3);
        expect(after.y + atY * after.height).toBeCloseTo(cursor.y, 3);
      }),
    );
  });

  it('moves the picture with the pointer and keeps its centre on the canvas side of its edge', () => {
    const rect = placePicture(picture, canvas, fitView, 2);
    const view = panBy(fitView, { dx: 96, dy: 0, rect, zoom: 2 });
    const moved = placePicture(picture, canvas, view, view.zoom);
    expect(moved.x - placePicture(picture, canvas, { ...fitView, mode: 'free' }, 2).x).toBeCloseTo(96);
    expect(panBy(view, { dx: 1e6, dy: -1e6, rect, zoom: 2 })).toMatchObject({ centerX: 0, centerY: 1 });
  });
});
