// key: keys of providers in a terminal. A key comes from standard input or from a hidden question, never as an argument: those
// are seen by every other user of the machine and kept by the shell. No verb prints one.
import { type ProviderSettings, providerKeySchema, whyNotReady } from '../../src-shared/domain/provider-settings.ts';
import { keyPlacePhrases, keyTestPhrases } from '../../src-shared/phrases.ts';
import type { Studio } from '../api/studio-services.ts';
import { exitCodes, UsageError, type Verb, type VerbContext, type VerbResult } from './verb.ts';

type Action = (studio: Studio, provider: string, context: VerbContext) => Promise<VerbResult>;

export const keyVerb: Verb = {
  name: 'key',
  usage: 'list | set PROVIDER | remove PROVIDER | test PROVIDER',
  summary: 'keys of engines: stored for you, for every project',
  help: [
    'set reads the key from standard input: key set fal < file. At a terminal it asks, and shows nothing of it.',
    'A key given as CIRCLETAKE_KEY_<PROVIDER> counts for one start and is not stored.',
    `test costs nothing. It exits with ${exitCodes.done} when the key is accepted, with ${exitCodes.failed} when it is refused or nobody answers,`,
    `with ${exitCodes.usage} when there is none.`,
    'JSON: {"providers": […]} for list, {"provider"} for set and remove, {"test"} for test. Never a key.',
  ],
  options: {},
  // what is too much may be a key: it is refused here, without being repeated
  positionals: { min: 0, max: Number.POSITIVE_INFINITY },
  async run(context) {
    const [action = '', provider, ...more] = context.input.positionals;
    if (more.length > 0) throw new UsageError('a key is never an argument: others see those, and the shell keeps them');
    if (action === 'list') return list(await context.openStudio());
    const act = actions[action];
    if (!act) throw new UsageError('say what to do with keys: list, set, remove or test');
    if (provider === undefined) throw new UsageError(`key ${action}: name the provider`);
    return act(await context.openStudio(), provider, context);
  },
};

const actions: Record<string, Action | undefined> = {
  async set(studio, provider, { stdin, stop }) {
    const given = stdin.isTerminal ? await stdin.ask(`Key for ${provider}: `, { hidden: true }) : await stdin.readAll();
    stop.throwIfAborted();
    const key = providerKeySchema.safeParse(given);
    if (!key.success) throw new UsageError(`no key was stored: ${key.error.issues[0]?.message ?? 'not a key'}`);
    return tell(await studio.settings.setKey({ provider, key: key.data }));
  },
  remove: async (studio, provider) => tell(await studio.settings.removeKey(provider)),
  async test(studio, provider, { stop }) {
    const test = await studio.settings.testKey(provider, stop);
    const exitCode = test.kind === 'accepted' ? exitCodes.done : exitCodes.failed;
    return { exitCode, answer: { value: { test }, lines: [`${keyTestPhrases[test.kind]}: ${test.detail}`] } };
  },
};

async function list(studio: Studio): Promise<VerbResult> {
  const { providers } = await studio.settings.providers();
  return { exitCode: exitCodes.done, answer: { value: { providers }, lines: providers.map(lineOf) } };
}

function tell(provider: ProviderSettings): VerbResult {
  return { exitCode: exitCodes.done, answer: { value: { provider }, lines: [lineOf(provider)] } };
}

function lineOf(provider: ProviderSettings): string {
  const isMissing = provider.key !== null && provider.keyPlace === null && provider.keyTrouble === null;
  if (isMissing) return `${provider.id.padEnd(10)} No key yet: circletake key set ${provider.id}`;
  const place = provider.keyPlace === null ? 'Needs no key.' : keyPlacePhrases[provider.keyPlace];
  const test = provider.lastTest ? ` ${keyTestPhrases[provider.lastTest.kind]} at the last test.` : '';
  return `${provider.id.padEnd(10)} ${whyNotReady(provider) ?? `${place}${test}`}`;
}
