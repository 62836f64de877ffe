/**
 * A copy of a project to rehearse in: its documents and heroes, none of its takes, money or history. Heroes are linked where
 * the disk can, because nothing ever writes into them; documents are copied, because authors do.
 */
import { constants, existsSync } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectFile } from '../../src-shared/domain/project.ts';
import { makeFolder, toFileError, writeFileAtomic } from '../platform/atomic-file.ts';
import { type RehearsalNote, writeRehearsalNote } from './rehearsal-note.ts';

/** Made while working on a project, or what belongs to another rehearsal. */
const leftOut = new Set([
  'output',
  'state',
  '.circletake',
  'assets-src',
  'project.json',
  'rehearsal-of.json',
  'simulator',
]);

export interface CopyOrder {
  /** folder of the project */
  source: string;
  project: ProjectFile;
  /** folder that holds all rehearsals; made when missing */
  parent: string;
  note: RehearsalNote;
  /** what the embedded engine does wrong, unless the project brings a plan of its own; null = nothing */
  embeddedFaults: object | null;
}

/** Makes the copy; answers its folder. It appears whole or not at all. */
export async function copyForRehearsal(order: CopyOrder): Promise<string> {
  const { source, project, parent, note, embeddedFaults } = order;
  await makeFolder(parent);
  const temporary = await mkdtemp(join(parent, '.making-'));
  try {
    await copyFolder(source, temporary, { skip: leftOut, linked: false });
    const number = await nextNumber(parent, project.slug);
    const title = `${project.title} — rehearsal ${number}`;
    const text = `${JSON.stringify({ ...project, title, rehearsal: true }, null, 2)}\n`;
    await writeFileAtomic(join(temporary, 'project.json'), text);
    await writeRehearsalNote(temporary, note);
    if (embeddedFaults) await writeMissing(join(temporary, 'rehearsal.json'), embeddedFaults);
    const folder = join(parent, `${project.slug}-${number}`);
    await rename(temporary, folder);
    return folder;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw toFileError(error, parent);
  }
}

async function writeMissing(path: string, document: object): Promise<void> {
  if (!existsSync(path)) await writeFileAtomic(path, `${JSON.stringify(document, null, 2)}\n`);
}

async function nextNumber(parent: string, slug: string): Promise<number> {
  const taken = (await readdir(parent)).flatMap((name) => {
    const number = name.startsWith(`${slug}-`) ? Number(name.slice(slug.length + 1)) : Number.NaN;
    return Number.isInteger(number) ? [number] : [];
  });
  return Math.max(0, ...taken) + 1;
}

/** Links are not followed: what they lead to is outside the project. */
async function copyFolder(
  from: string,
  to: string,
  how: { skip: ReadonlySet<string>; linked: boolean },
): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (how.skip.has(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target);
      await copyFolder(source, target, { skip: new Set(), linked: how.linked || entry.name === 'pool' });
    } else if (entry.isFile()) await (how.linked ? linkOrCopy(source, target) : copy(source, target));
  }
}

function copy(source: string, target: string): Promise<void> {
  return copyFile(source, target, constants.COPYFILE_FICLONE);
}

/** Another disk, or a disk without hard links: a copy does as well. */
function linkOrCopy(source: string, target: string): Promise<void> {
  return link(source, target).catch(() => copy(source, target));
}
