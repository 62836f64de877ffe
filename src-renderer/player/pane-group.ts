/**
 * All panes of a session as one: they share a timeline, a view, the decoded-frame memory and the copying worker. Owns
 * the panes and remembers which canvas belongs to which, however often panes come and go.
 */
import { FrameCopier } from './frame-copier.ts';
import type { Motion } from './frame-reader.ts';
import type { PaneEvents } from './pane.ts';
import { Pane } from './pane.ts';
import type { Direction, PaneSnapshot, PaneSource, PictureRect, ViewTransform } from './player-types.ts';
import { isSameTimeline, mapToPane, planSessionTimeline } from './session-timeline.ts';
import { shareIfEqual } from './snapshot-store.ts';
import type { SoundFinding } from './sound-track.ts';
import type { Timeline } from './timeline.ts';
import { fitView, zoomOf } from './view-transform.ts';

export interface PaneGroupEvents extends Omit<PaneEvents, 'onOpened' | 'onPicture'> {
  /** something was opened, closed or added; `isNew` when that changed how frames are counted or timed */
  onTimeline(isNew: boolean): void;
  onPicture(pane: Pane): void;
  /** a canvas has another size and was painted anew */
  onResize(pane: Pane): void;
}

/** What the clock asks of all panes, in the session's frames. */
export interface GroupWish {
  frame: number;
  motion: Motion;
  direction: Direction;
  first: number;
  last: number;
  wraps: boolean;
}

const mostPanes = 9;

export class PaneGroup {
  #events: PaneGroupEvents;
  #panes: Pane[] = [];
  #canvases = new Map<number, HTMLCanvasElement>();
  #copier = new FrameCopier();
  #timeline: Timeline = planSessionTimeline([]);
  #view: ViewTransform = fitView;
  #cacheBytes: number;

  constructor(cacheBytes: number, events: PaneGroupEvents) {
    this.#cacheBytes = cacheBytes;
    this.#events = events;
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  get view(): ViewTransform {
    return this.#view;
  }

  get clipCount(): number {
    return this.#panes.filter((pane) => pane.timeline && pane.source?.kind === 'clip').length;
  }

  /** Adds empty panes or closes the last ones. */
  setCount(count: number): void {
    const wanted = Math.min(mostPanes, Math.max(1, Math.trunc(count)));
    for (const pane of this.#panes.splice(wanted)) pane.dispose();
    while (this.#panes.length < wanted) this.#addPane();
    for (const pane of this.#panes) pane.budgetBytes = this.#cacheBytes / this.#panes.length;
    this.#onTimeline();
  }

  /** Puts a file into a pane; says nothing of frames that are not there. */
  setSource(paneIndex: number, source: PaneSource | null): void {
    const pane = this.#panes[paneIndex];
    if (!pane) return;
    const current = pane.source;
    if (current && source && current.url === source.url && current.playability === source.playability) {
      pane.updateSource(source);
      return;
    }
    pane.setSource(source);
    this.#onTimeline();
  }

  /** Draws a pane on this canvas until the returned function is called; the pane may be added later. */
  attach(paneIndex: number, canvas: HTMLCanvasElement): () => void {
    this.#canvases.set(paneIndex, canvas);
    const pane = this.#panes[paneIndex];
    if (pane) this.#attachPane(pane, canvas);
    return () => {
      if (this.#canvases.get(paneIndex) !== canvas) return;
      this.#canvases.delete(paneIndex);
      this.#panes[paneIndex]?.surface.detach();
    };
  }

  setView(view: ViewTransform): void {
    this.#view = view;
    for (const pane of this.#panes) this.#placeAndRepaint(pane);
  }

  /** Where a pane's picture lies and how much larger than fit it is, to turn a pointer into a point of the picture. */
  layout(paneIndex: number): { rect: PictureRect; zoom: number } | null {
    const surface = this.#panes[paneIndex]?.surface;
    const rect = surface?.pictureRect;
    return surface && rect ? { rect, zoom: surface.zoom } : null;
  }

  request(wish: GroupWish): void {
    for (const pane of this.#panes) {
      const { timeline } = pane;
      if (!timeline) continue;
      pane.request({
        ...wish,
        ...mapToPane(this.#timeline, timeline, wish.frame),
        first: mapToPane(this.#timeline, timeline, wish.first).frame,
        last: mapToPane(this.#timeline, timeline, wish.last).frame,
      });
    }
  }

  /** True when every pane that has something to show can show this frame. */
  canPaint(frame: number): boolean {
    return this.#panes.every((pane) => {
      if (pane.isIdle || !pane.timeline) return true;
      return pane.canPaint(mapToPane(this.#timeline, pane.timeline, frame).frame);
    });
  }

  paint(frame: number): void {
    for (const pane of this.#panes) this.paintOne(pane, frame);
  }

  paintOne(pane: Pane, frame: number): void {
    if (pane.timeline) pane.paint(mapToPane(this.#timeline, pane.timeline, frame).frame);
  }

  set prefersProxies(prefers: boolean) {
    for (const pane of this.#panes) pane.prefersProxy = prefers;
  }

  sound(paneIndex: number): SoundFinding {
    return this.#panes[paneIndex]?.sound ?? { kind: 'none' };
  }

  async grabFrame(paneIndex: number): Promise<Blob | null> {
    return (await this.#panes[paneIndex]?.grabFrame()) ?? null;
  }

  /** The panes as people see them; what has not changed keeps its identity. */
  snapshot(previous: readonly PaneSnapshot[] | undefined): readonly PaneSnapshot[] {
    const panes = this.#panes.map((pane, index) => shareIfEqual(previous?.[index], pane.snapshot()));
    const isSame = previous?.length === panes.length && panes.every((pane, index) => pane === previous[index]);
    return isSame ? previous : panes;
  }

  dispose(): void {
    for (const pane of this.#panes) pane.dispose();
    this.#panes = [];
    this.#canvases.clear();
    this.#copier.dispose();
  }

  #addPane(): void {
    const pane: Pane = new Pane(this.#copier, {
      ...this.#events,
      onOpened: () => this.#onTimeline(),
      onPicture: () => this.#events.onPicture(pane),
    });
    const canvas = this.#canvases.get(this.#panes.length);
    this.#panes.push(pane);
    if (canvas) this.#attachPane(pane, canvas);
  }

  #attachPane(pane: Pane, canvas: HTMLCanvasElement): void {
    pane.surface.onResize = (lostFrame) => this.#onResize(pane, lostFrame);
    pane.surface.attach(canvas);
    this.#onResize(pane, null);
  }

  #onTimeline(): void {
    const timeline = planSessionTimeline(this.#panes);
    const isNew = !isSameTimeline(timeline, this.#timeline);
    if (isNew) this.#timeline = timeline;
    for (const pane of this.#panes) this.#placeView(pane);
    this.#events.onTimeline(isNew);
  }

  #onResize(pane: Pane, lostFrame: number | null): void {
    this.#placeView(pane);
    if (lostFrame !== null) pane.paint(lostFrame);
    // At 1:1 the reference pane's canvas decides the zoom of all.
    if (pane === this.#panes[0]) for (const other of this.#panes.slice(1)) this.#placeAndRepaint(other);
    this.#events.onResize(pane);
  }

  #placeAndRepaint(pane: Pane): void {
    this.#placeView(pane);
    pane.repaint();
  }

  #placeView(pane: Pane): void {
    const reference = this.#panes[0];
    const size = reference?.size ?? pane.size;
    const canvas = reference?.surface.canvasSize ?? pane.surface.canvasSize;
    pane.surface.view = this.#view;
    pane.surface.zoom = size && canvas ? zoomOf(this.#view, size, canvas) : 1;
  }
}
