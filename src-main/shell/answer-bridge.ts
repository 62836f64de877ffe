// The two things that the page may ask of the shell. Only the Studio's own page is answered, and what it sends is parsed:
// ids come in, a path never does.
import { z } from 'zod';
import { type FolderAnswer, shellChannels } from '../../src-shared/api/desktop-shell.ts';
import { projectIdSchema, takeIdSchema } from '../../src-shared/domain/ids.ts';
import type { Studio } from '../api/studio-services.ts';
import { AppError } from '../platform/app-error.ts';
import type { Logger } from '../platform/logger.ts';
import type { ElectronLike, IpcEvent } from './electron-like.ts';
import { explainError } from './explain-error.ts';
import { originOf } from './harden-session.ts';

const takeSchema = z.strictObject({ projectId: projectIdSchema, takeId: takeIdSchema });

export interface BridgeParts {
  electron: ElectronLike;
  studio: Studio;
  origin: string;
  logger: Logger;
}

/** Answers the bridge until the program ends. */
export function answerBridge({ electron, studio, origin, logger }: BridgeParts): void {
  const answer = <T>(channel: string, listener: (given: unknown) => Promise<T>) =>
    electron.ipcMain.handle(channel, (event: IpcEvent, given: unknown) => {
      if (originOf(event.senderFrame?.url ?? '') !== origin) throw new Error('not a page of this Studio');
      return listener(given);
    });

  answer(shellChannels.openProjectFolder, async (): Promise<FolderAnswer> => {
    const { canceled, filePaths } = await electron.dialog.showOpenDialog({
      title: 'Open project folder',
      buttonLabel: 'Open',
      properties: ['openDirectory'],
    });
    const folder = filePaths[0];
    if (canceled || folder === undefined) return { kind: 'cancelled' };
    return addFolder(studio, folder, logger);
  });

  answer(shellChannels.reveal, async (given) => {
    const take = takeSchema.safeParse(given);
    if (!take.success) return false;
    try {
      const { displayPath } = await studio.project(take.data.projectId).takes.detail(take.data.takeId);
      electron.shell.showItemInFolder(displayPath);
      return true;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  });
}

async function addFolder(studio: Studio, folder: string, logger: Logger): Promise<FolderAnswer> {
  try {
    const { id, trouble } = await studio.addProject(folder);
    return trouble === null ? { kind: 'opened', projectId: id } : { kind: 'refused', message: trouble, hint: null };
  } catch (error) {
    if (error instanceof AppError) return { kind: 'refused', message: error.message, hint: error.hint };
    return { kind: 'refused', message: explainError(error, logger), hint: null };
  }
}
