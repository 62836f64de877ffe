import { join } from 'node:path';
import { build } from 'vite';

/** Builds the harness page, the player in it as the application bundles it, into a folder. */
export async function buildHarness(outDir: string): Promise<void> {
  await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'error',
    base: './',
    build: { outDir, emptyOutDir: true, rollupOptions: { input: join(import.meta.dirname, 'harness.html') } },
  });
}
