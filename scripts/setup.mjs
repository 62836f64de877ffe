// What each command needs before it runs, in one place. Every part is also a file of its own and does nothing when its
// work is already done, so a second start costs a few file reads.
import { ensureChromium } from './setup-chromium.mjs';
import { ensureFfmpeg } from './setup-ffmpeg.mjs';
import { ensureNode, runsUnderRequiredNode } from './setup-node.mjs';
import { completePackages, ensurePackages, isSetUp, markSetUp } from './setup-node-modules.mjs';

/** Packages and a Node that runs the sources: enough for the command line. Resolves to the path of that Node. */
export async function setUpSources() {
  if (isSetUp()) return ensureNode();
  await ensurePackages();
  const node = await ensureNode();
  if (!runsUnderRequiredNode()) await completePackages(node);
  markSetUp();
  return node;
}

/** What the app needs to run. */
export async function setUpApp() {
  const node = await setUpSources();
  await ensureFfmpeg();
  return node;
}

/** What the tests need: the app's things and a Chromium. */
export async function setUpTests() {
  const node = await setUpApp();
  const chromium = await ensureChromium(node);
  return { node, chromium };
}
