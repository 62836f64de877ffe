import { exitCodes, type Verb } from './verb.ts';

export const doctorVerb: Verb = {
  name: 'doctor',
  usage: '',
  summary: 'what this machine has and what is missing',
  help: ['JSON: {"version", "checks": [{"name", "ok", "found", "hint"}], "maxUploadBytes"}'],
  options: {},
  positionals: { min: 0, max: 0 },
  async run({ openStudio }) {
    const studio = await openStudio();
    const value = await studio.system.info();
    const lines = value.checks.flatMap(({ name, ok, found, hint }) => [
      `${ok ? 'ok     ' : 'missing'} ${name.padEnd(14)} ${found}`,
      ...(ok || hint === null ? [] : [`${' '.repeat(23)}${hint}`]),
    ]);
    const allOk = value.checks.every(({ ok }) => ok);
    return { exitCode: allOk ? exitCodes.done : exitCodes.failed, answer: { value, lines } };
  },
};
