/** A browser page with the player harness on it, over media made for one test file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { PaneSource } from '../../../src-renderer/player/player-types.ts';
import { buildHarness } from './build-harness.ts';
import type { FileServer } from './serve-files.ts';
import { serveFolders } from './serve-files.ts';

export interface PlayerWorld {
  /** where a test puts its media; served at the root */
  mediaFolder: string;
  server: FileServer;
  remove(): Promise<void>;
}

/** Builds the harness and serves it beside an empty media folder, all under the temporary folder. */
export async function makePlayerWorld(): Promise<PlayerWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'circletake-player-'));
  const pageFolder = join(folder, 'page');
  const mediaFolder = await mkdtemp(join(folder, 'media-'));
  await buildHarness(pageFolder);
  const server = await serveFolders([pageFolder, mediaFolder]);
  return {
    mediaFolder,
    server,
    remove: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Opens the harness; page errors and console errors are gathered for the test to check. */
export async function openPlayerPage(page: Page, server: FileServer): Promise<string[]> {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(server.origin);
  await page.waitForFunction(() => window.harness !== undefined);
  return problems;
}

/** A native 24-fps clip unless told otherwise. */
export function clipSource(url: string, changes: Partial<PaneSource> = {}): PaneSource {
  return {
    takeId: url,
    kind: 'clip',
    url,
    proxyUrl: null,
    posterUrl: null,
    frameRate: { num: 24, den: 1 },
    frameCount: null,
    width: null,
    height: null,
    rotation: 0,
    playability: 'native',
    label: url,
    ...changes,
  };
}
