/**
 * Keys that were given in the environment, for one start. They are taken out of it before anything else is started: ffmpeg, a
 * browser or a crash report would else carry them along.
 */
const prefix = 'CIRCLETAKE_KEY_';

/** Of this process, whoever asks first: an environment is emptied once. */
const given: Record<string, string> = {};

/** `comfyui` → `CIRCLETAKE_KEY_COMFYUI`. */
export function keyVariableOf(providerId: string): string {
  return `${prefix}${providerId.toUpperCase().replaceAll('-', '_')}`;
}

/** The keys of an environment by the names of their variables; they are in it no more. */
export function takeGivenKeys(env: Record<string, string | undefined>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(prefix)) continue;
    if (value !== undefined) given[name] = value;
    delete env[name];
  }
  return given;
}
