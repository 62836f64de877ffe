import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findAppRoot } from '../platform/app-root.ts';

/** Version of the program, from package.json. */
export function programVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(findAppRoot(), 'package.json'), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : null;
  return typeof version === 'string' ? version : '0.0.0';
}

/** Folder of the built renderer. */
export function rendererFolder(): string {
  return join(findAppRoot(), 'out', 'renderer');
}

/** The bridge's built file. */
export function preloadFile(): string {
  return join(findAppRoot(), 'out', 'preload', 'preload.cjs');
}
