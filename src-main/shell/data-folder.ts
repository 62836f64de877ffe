import { homedir } from 'node:os';
import { join } from 'node:path';

export interface DataFolderFacts {
  platform: NodeJS.Platform;
  env: Record<string, string | undefined>;
  home: string;
}

/** Where this user's Circletake data is, as each system wants it; CIRCLETAKE_DATA names another place. */
export function findDataFolder(facts: DataFolderFacts = machineFacts()): string {
  const { platform, env, home } = facts;
  if (env.CIRCLETAKE_DATA) return env.CIRCLETAKE_DATA;
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Circletake');
  if (platform === 'win32') return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'Circletake');
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'circletake');
}

function machineFacts(): DataFolderFacts {
  return { platform: process.platform, env: process.env, home: homedir() };
}
