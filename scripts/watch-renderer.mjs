// Builds src-renderer into out/renderer with the settings of the app's build, and again after each change.
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { inRoot } from './repository.mjs';

const { default: settings } = await import(pathToFileURL(inRoot('electron.vite.config.ts')).href);
const renderer = settings.renderer;
await build({ ...renderer, configFile: false, mode: 'development', build: { ...renderer.build, watch: {} } });
