// Builds src-renderer into out/renderer with the settings of the app's build, and again after each change. Started by
// dev.mjs, under the project's Node.
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { inRoot } from './repository.mjs';

const { default: settings } = await import(pathToFileURL(inRoot('electron.vite.config.ts')).href);
const { renderer } = settings;
await build({
  ...renderer,
  configFile: false,
  logLevel: 'warn',
  base: './',
  // The server goes on serving the last build while the next one is made.
  build: { ...renderer.build, emptyOutDir: false, watch: {} },
});
