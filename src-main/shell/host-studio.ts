// What the desktop shell and the server have in common: a Studio, the HTTP app in front of it and the first projects.
// Closing goes the other way round: the door first, then the Studio, so that nothing is asked of what is closing.
import type { CreateStudio, Studio } from '../api/studio-services.ts';
import { type RunningServer, startServer } from '../http/start-server.ts';
import type { Logger } from '../platform/logger.ts';
import type { SecretProtection } from '../settings/secret-protection.ts';
import { openFirstProjects } from './open-first-projects.ts';
import { programVersion } from './program-facts.ts';

export interface HostOptions {
  createStudio: CreateStudio;
  dataFolder: string;
  /** project folders to open; empty = what was open last */
  folders: string[];
  /** 0 = a free one */
  port: number;
  rendererFolder: string;
  logger: Logger;
  /** the keychain of a host that has one */
  protection?: SecretProtection | null;
  onEntered?: () => void;
}

export interface HostedStudio {
  readonly studio: Studio;
  readonly server: RunningServer;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** Starts all of it, or leaves nothing running. */
export async function hostStudio(options: HostOptions): Promise<HostedStudio> {
  const { createStudio, dataFolder, folders, port, rendererFolder, logger, protection = null, onEntered } = options;
  const studio = await createStudio({ dataFolder, rememberProjects: true, logger, protection });
  try {
    await openFirstProjects(studio, { folders, dataFolder, logger });
    const version = programVersion();
    const server = await startServer({ studio, port, rendererFolder, version, logger, onEntered });
    let closing: Promise<void> | null = null;
    const close = () => {
      closing ??= server.close().then(() => studio.close());
      return closing;
    };
    return { studio, server, close };
  } catch (error) {
    await studio.close();
    throw error;
  }
}
