// Copies decoded frames into bitmaps at the size they are looked at, off the main thread: drawing a 1080p VideoFrame
// blocks for 12 to 25 ms without a GPU, drawing its bitmap for 0.2.
export interface CopyRequest {
  id: number;
  frame: VideoFrame;
  width: number;
  height: number;
}

export type CopyAnswer = { id: number; bitmap: ImageBitmap } | { id: number; bitmap: null };

let canvas: OffscreenCanvas | null = null;

self.onmessage = ({ data }: MessageEvent<CopyRequest>) => {
  const { id, frame, width, height } = data;
  const bitmap = copyFrame(frame, width, height);
  frame.close();
  const answer: CopyAnswer = { id, bitmap };
  self.postMessage(answer, { transfer: bitmap ? [bitmap] : [] });
};

function copyFrame(frame: VideoFrame, width: number, height: number): ImageBitmap | null {
  if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: frame.format?.includes('A') ?? true });
  if (!context) return null;
  context.imageSmoothingQuality = 'medium';
  context.clearRect(0, 0, width, height);
  try {
    context.drawImage(frame, 0, 0, width, height);
  } catch {
    return null;
  }
  return canvas.transferToImageBitmap();
}
