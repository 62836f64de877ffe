import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

// Nothing imports a worker: its owner starts it by its address, so each one is named to the build as an entry is.
function mainInputs() {
  const workers = globSync('src-main/**/*-worker.ts', { cwd: root });
  // The provider simulator ships with the app: a rehearsal runs against it.
  const programs = ['src-main/electron.ts', 'src-main/serve.ts', 'src-main/cli.ts', 'test/simulators/main.ts'];
  const files = [...programs, ...workers];
  return Object.fromEntries(
    files.map((file) => [file.replaceAll('\\', '/').replace(/\.ts$/, ''), resolve(root, file)]),
  );
}

// The main process is built file by file (preserveModules): workers are found beside their owner in the
// sources and in the build alike, and a stack trace names the file that was written.
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: true,
      rollupOptions: {
        input: mainInputs(),
        output: { format: 'es', preserveModules: true, preserveModulesRoot: root, entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: {
        input: { preload: resolve(root, 'src-preload/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'src-renderer'),
    plugins: [react(), tailwindcss()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      rollupOptions: { input: resolve(root, 'src-renderer/index.html') },
    },
  },
});
