/** What the simulator is told when it is started, and what it says of itself. */
import { parseArgs } from 'node:util';
import { StartError } from './core/start-error.ts';

const options = {
  folder: { type: 'string' },
  port: { type: 'string', default: '0' },
  'fault-plan': { type: 'string' },
  ffmpeg: { type: 'string', default: process.env.CIRCLETAKE_FFMPEG ?? 'ffmpeg' },
  'while-stdin': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export interface StartOrder {
  folder: string;
  port: number;
  /** path of a fault plan; null = the one that the folder remembers */
  faultPlan: string | null;
  ffmpeg: string;
  /** ends when its standard input closes */
  whileStdin: boolean;
}

/** Reads the words after the program's name; null when they ask for help. Throws `StartError`. */
export function readCommandLine(args: string[]): StartOrder | null {
  const { values } = parse(args);
  if (values.help) return null;
  if (!values.folder) throw new StartError('Say where the simulator keeps its bill: --folder <dir>.');
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new StartError(`--port ${values.port} is no port: a number up to 65535, or 0 for a free one.`);
  }
  const { folder, ffmpeg, 'fault-plan': faultPlan = null, 'while-stdin': whileStdin } = values;
  return { folder, port, faultPlan, ffmpeg, whileStdin };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options });
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}

/** What `--help` prints. */
export const help = `The simulator of all providers: fal, Kling, Ark, Google, OpenAI, Replicate, Runway and ComfyUI, on this machine.
It makes real pictures and clips, goes wrong by plan and keeps a bill. Nothing it makes costs anything.

  npm run simulate                                  with a port, a folder and a calm plan of its own
  npm run simulate -- --fault-plan <file>           the same with trouble
  node test/simulators/main.ts --folder <dir>       as tests and the app start it

Options
  --folder <dir>        keeps its bill, jobs and media; the same folder again goes on with all of them
  --port <number>       0 takes a free one
  --fault-plan <file>   what goes wrong (below); without it the folder's last plan goes on
  --ffmpeg <path>       draws the media
  --while-stdin         ends when its standard input closes
  --help

A fault plan
{
  "schema_version": "fault-plan.v1",
  "settings": { "listingLagMs": 5000, "concurrency": 2 },
  "faults": [
    { "id": "answer lost", "kind": "accept-then-drop", "match": { "provider": "fal", "nth": 2 } },
    { "id": "busy", "kind": "rate-limit", "retryAfterSeconds": 5, "times": 3 },
    { "id": "SH012 is black", "kind": "media-defect", "defect": "black", "match": { "prompt": "SH012" }, "times": "always" }
  ]
}
  match    all that is named must fit: provider, endpoint (a part of its name), prompt (a part of it), seed,
           nth (the nth submit of those that fit the rest). Nothing named: the next one.
  times    how many it hits: 1 unless given, or "always".
  Every kind and setting: test/simulators/README.md. A whole plan: test/simulators/plans/rough-night.json.

While it runs
  GET  /_bill      what it would have billed        GET  /_requests  what it was asked
  GET  /_faults    which faults have hit            POST /_faults    another plan
  POST /_clock     {"advanceMs": 3600000}: results expire, lists catch up, late jobs end
`;
