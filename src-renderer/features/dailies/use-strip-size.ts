import { useEffect, useState } from 'react';
import { useProjectStore } from '../../stores/project-store.ts';

/** Size of a thumbnail of the strip: larger on larger windows, shaped like the project's picture within limits. */
export function useStripSize(): { width: number; height: number } {
  const aspect = useProjectStore((state) => state.snapshot?.project.aspect ?? null);
  const [windowHeight, setWindowHeight] = useState(window.innerHeight);
  useEffect(() => {
    const resize = () => setWindowHeight(window.innerHeight);
    window.addEventListener('resize', resize);
    return () => window.removeEventListener('resize', resize);
  }, []);
  const height = windowHeight >= 1200 ? 148 : windowHeight >= 1000 ? 120 : windowHeight >= 800 ? 96 : 72;
  const shape = aspect === null ? 1 : aspect.width / aspect.height;
  return { width: Math.round(height * Math.max(1.06, Math.min(1.78, shape))), height };
}
