/** From the last byte of a file in an output folder to the recorded take: real clips, copied one after another and all at once. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../src-main/platform/logger.ts';
import { createStudio } from '../../src-main/studio.ts';
import { makeProject } from '../fixtures/make-project.ts';
import { corpusFiles } from '../fixtures/media-corpus.ts';

const clips = corpusFiles('video-real');
if (clips.length === 0) {
  console.log('Skipped: the media corpus is not on this machine (CIRCLETAKE_MEDIA_CORPUS).');
  process.exit(0);
}

async function measure(order: 'one by one' | 'all at once'): Promise<void> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'circletake-bench-'));
  const made = makeProject({ shots: 1 });
  const folder = join(made.dir, 'output', 'EP001', 'SH001');
  mkdirSync(folder, { recursive: true });
  const studio = await createStudio({ dataFolder, rememberProjects: false, logger: silentLogger });
  const project = studio.project((await studio.addProject(made.dir)).id);
  const waits: number[] = [];
  const arrival = (name: string) =>
    new Promise<number>((resolve) => {
      let seen = project.journal.lastSeq();
      const stop = project.journal.onCommit(() => {
        const events = project.journal.eventsAfter(seen, 200);
        seen = events.at(-1)?.seq ?? seen;
        const found = events.some(
          (event) => event.body.type === 'take_recorded' && event.body.take.path.endsWith(`/${name}`),
        );
        if (!found) return;
        stop();
        resolve(performance.now());
      });
    });
  const drop = (name: string, path: string) => {
    const arrived = arrival(name);
    copyFileSync(path, join(folder, name));
    const lastByte = performance.now();
    return arrived.then((at) => waits.push(at - lastByte));
  };
  if (order === 'all at once') await Promise.all(clips.map(([name, path]) => drop(name, path)));
  else for (const [name, path] of clips) await drop(name, path);
  waits.sort((a, b) => a - b);
  const at = (share: number) =>
    `${Math.round(waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0)} ms`;
  console.log(`${order.padEnd(12)} ${clips.length} clips   p50 ${at(0.5)}   slowest ${at(1)}   (goal: 2000 ms)`);
  await studio.close();
  made.remove();
  rmSync(dataFolder, { recursive: true, force: true });
}

console.log('External takes: last byte to recorded take');
await measure('one by one');
await measure('all at once');
process.exit(0);
