import { useEffect } from 'react';
import { desktopShell } from '../api/desktop-shell.ts';
import { openProject } from '../stores/project-session.ts';
import { showToast } from '../stores/toast-store.ts';
import { runCommand, useCommands } from './keyboard/command-bus.ts';

/** Asks the shell for a project folder and shows the project. */
export async function openProjectFolder(): Promise<void> {
  const answer = await desktopShell?.openProjectFolder();
  if (answer?.kind === 'opened') await openProject(answer.projectId);
  if (answer?.kind === 'refused') {
    showToast({ tone: 'trouble', headline: 'Folder not opened', sentence: answer.message, hint: answer.hint });
  }
}

/** Lets the menu of the desktop run the page's own commands. */
export function useShell(): void {
  useCommands({ 'project.open-folder': desktopShell === null ? null : () => void openProjectFolder() });
  useEffect(() => desktopShell?.onMenuCommand((command) => runCommand(command)), []);
}
