// The desktop entry. All it does is hand the real Electron to the shell. Arguments: project folders.
import { resolve } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, safeStorage, screen, session, shell } from 'electron';
import { createStderrLogger } from './platform/logger.ts';
import { findDataFolder } from './shell/data-folder.ts';
import { preloadFile, rendererFolder } from './shell/program-facts.ts';
import { startDesktop } from './shell/start-desktop.ts';
import { createStudio } from './studio.ts';

// packaged: program, arguments; from the sources: program, script, arguments
const given = process.argv.slice(app.isPackaged ? 1 : 2);

// Not awaited here: Electron is ready only after this module has been evaluated (electron/electron issue 40719).
void startDesktop(
  { app, BrowserWindow, dialog, ipcMain, Menu, safeStorage, screen, session, shell },
  {
    createStudio,
    dataFolder: findDataFolder(),
    folders: given.filter((argument) => !argument.startsWith('-')).map((folder) => resolve(folder)),
    rendererFolder: rendererFolder(),
    preloadFile: preloadFile(),
    platform: process.platform,
    logger: createStderrLogger('warn'),
  },
);
