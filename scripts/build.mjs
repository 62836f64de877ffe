// npm run build: builds the app into out/, also when the build is current.
import { buildApp } from './app-build.mjs';
import { runScript } from './say.mjs';
import { setUpSources } from './setup.mjs';

await runScript(async () => {
  await buildApp(await setUpSources());
  return 0;
});
