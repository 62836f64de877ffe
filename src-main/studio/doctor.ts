import { sep } from 'node:path';
import type { DoctorCheck } from '../../src-shared/api/system-contract.ts';
import type { Ffmpeg } from '../media/ffmpeg.ts';

/** What was found of the things the program needs; `trouble` is why ffmpeg is not there. */
export function checkMachine(found: {
  ffmpeg: Ffmpeg | null;
  trouble: string | null;
  dataFolder: string;
}): DoctorCheck[] {
  const { ffmpeg } = found;
  const major = Number(process.versions.node.split('.')[0]);
  return [
    {
      name: 'Node',
      ok: major >= 24,
      found: process.versions.electron
        ? `${process.version} in Electron ${process.versions.electron}`
        : process.version,
      hint: major >= 24 ? null : 'Circletake needs Node 24; npm start brings its own.',
    },
    {
      name: 'ffmpeg',
      ok: ffmpeg !== null,
      found: ffmpeg ? `${ffmpeg.version} (${ffmpeg.paths.ffmpeg})` : (found.trouble ?? 'not found'),
      hint: ffmpeg ? null : 'Install ffmpeg, or name the program in CIRCLETAKE_FFMPEG.',
    },
    {
      name: 'ffprobe',
      ok: ffmpeg?.paths.ffprobe != null,
      found: ffmpeg?.paths.ffprobe ?? 'not found',
      hint: ffmpeg?.paths.ffprobe ? null : 'Rare containers (MXF, AVI) are read by it; everything else works without.',
    },
    { name: 'data folder', ok: true, found: `${found.dataFolder}${sep}`, hint: null },
  ];
}
