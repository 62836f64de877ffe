import type { DurableFiles } from '../orchestrator/ports/project-files.ts';
import { AppError } from './app-error.ts';

/**
 * Files of a folder that may be taken away while it is used: nothing is written unless the landmark, a file of the folder,
 * is there. Without it a write would make the folder anew at its old place, and what it holds would be missed in the real one.
 */
export function guardFiles(files: DurableFiles, landmark: string): DurableFiles {
  const mustBeThere = async () => {
    if (await files.exists(landmark)) return;
    throw new AppError({
      code: 'file.missing',
      message: `The project's folder is not at its place any more: ${landmark} is gone.`,
      hint: 'Put the folder back and open the project again. What an engine has made is fetched then.',
    });
  };
  return {
    ...files,
    async write(path, content) {
      await mustBeThere();
      await files.write(path, content);
    },
    async moveInto(source, destination) {
      await mustBeThere();
      return files.moveInto(source, destination);
    },
    async linkOrCopy(source, destination) {
      await mustBeThere();
      await files.linkOrCopy(source, destination);
    },
  };
}
