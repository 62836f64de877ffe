/** The app in a process of its own, which works through the night until it is killed or nothing is left to do. */
import { createLogger } from '../../../src-main/platform/logger.ts';
import { createStudio } from '../../../src-main/studio.ts';
import type { BillRow } from '../../simulators/start-simulator.ts';
import { doRounds } from './director.ts';
import { scriptedGate } from './scripted-gate.ts';

const [dir, dataFolder, simulator] = process.argv.slice(2);
if (!dir || !dataFolder || !simulator) throw new Error('name the project, the data folder and the simulator');

const bill = async (): Promise<BillRow[]> => {
  const answer = (await (await fetch(`${simulator}/_bill`)).json()) as { rows: BillRow[] };
  return answer.rows;
};
const studio = await createStudio({
  ...{ dataFolder, rememberProjects: false },
  logger: createLogger({ level: 'warn', write: (line) => void process.stderr.write(`${line.trimEnd()}\n`) }),
  furtherGates: (['gate_2a_identity', 'gate_2a_wardrobe', 'gate_3'] as const).map(scriptedGate),
});
const { id } = await studio.addProject(dir);
const services = studio.project(id);
process.stdout.write('open\n');
let bell = Promise.withResolvers<void>();
services.journal.onCommit(() => bell.resolve());
for (;;) {
  bell = Promise.withResolvers<void>();
  if (await doRounds({ services, bill })) break;
  // a doubt may clear without a commit: the bill is looked into again after a while
  const timer = setTimeout(() => bell.resolve(), 1000);
  await bell.promise;
  clearTimeout(timer);
}
await services.handoff.exportEpisode('EP001');
await studio.close();
process.stdout.write('done\n');
