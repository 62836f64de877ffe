// One planted import for every rule of .dependency-cruiser.mjs, and a few that must stay legal.

interface PlantedImport {
  file: string;
  imports: string;
  typeOnly?: true;
}

export const violations: Array<PlantedImport & { rule: string }> = [
  { rule: 'shared-npm', file: 'src-shared/domain/npm.ts', imports: 'react' },
  { rule: 'shared-npm', file: 'src-shared/domain/core.ts', imports: 'node:fs' },
  { rule: 'shared-contract', file: 'src-shared/domain/contract.ts', imports: '@orpc/contract' },
  { rule: 'shared-domain-below-api', file: 'src-shared/domain/upwards.ts', imports: '../api/takes.ts' },
  { rule: 'shared-alone', file: 'src-shared/domain/process.ts', imports: '../../src-main/platform/clock.ts' },
  { rule: 'renderer-shared-only', file: 'src-renderer/app/main.ts', imports: '../../src-main/platform/clock.ts' },
  {
    rule: 'renderer-shared-only',
    file: 'src-renderer/app/type.ts',
    imports: '../../src-main/platform/clock.ts',
    typeOnly: true,
  },
  { rule: 'renderer-no-node', file: 'src-renderer/app/node.ts', imports: 'node:path' },
  { rule: 'feature-alone', file: 'src-renderer/features/dailies/other.ts', imports: '../refs/slot.ts' },
  { rule: 'ui-is-dumb', file: 'src-renderer/ui/button.tsx', imports: '../stores/takes.ts' },
  { rule: 'stores-below-rooms', file: 'src-renderer/stores/shots.ts', imports: '../features/refs/slot.ts' },
  { rule: 'player-alone', file: 'src-renderer/player/store.ts', imports: '../stores/takes.ts' },
  { rule: 'player-no-react', file: 'src-renderer/player/engine.ts', imports: 'react' },
  { rule: 'preload-alone', file: 'src-preload/node.ts', imports: 'node:fs' },
  { rule: 'preload-alone', file: 'src-preload/main.ts', imports: '../src-main/platform/clock.ts' },
  { rule: 'main-no-renderer', file: 'src-main/http/page.ts', imports: '../../src-renderer/stores/takes.ts' },
  { rule: 'main-known-folder', file: 'src-main/helpers/thing.ts', imports: '../platform/clock.ts' },
  { rule: 'platform-alone', file: 'src-main/platform/up.ts', imports: '../projects/project-paths.ts' },
  { rule: 'projects-alone', file: 'src-main/projects/up.ts', imports: '../store/takes.ts' },
  { rule: 'settings-alone', file: 'src-main/settings/up.ts', imports: '../providers/all-providers.ts' },
  { rule: 'rehearsal-alone', file: 'src-main/rehearsal/up.ts', imports: '../store/takes.ts' },
  { rule: 'adapter-alone', file: 'src-main/store/sideways.ts', imports: '../media/probe.ts' },
  { rule: 'adapter-alone', file: 'src-main/gates/up.ts', imports: '../review/notes.ts', typeOnly: true },
  { rule: 'adapter-port-types', file: 'src-main/providers/value.ts', imports: '../orchestrator/ports/clock.ts' },
  { rule: 'ports-are-types', file: 'src-main/orchestrator/ports/store.ts', imports: '../../store/takes.ts' },
  { rule: 'service-no-adapter', file: 'src-main/review/store.ts', imports: '../store/takes.ts', typeOnly: true },
  { rule: 'service-public-file', file: 'src-main/line/inside.ts', imports: '../orchestrator/stations/bind.ts' },
  { rule: 'service-no-outside', file: 'src-main/orchestrator/web.ts', imports: 'node:https' },
  { rule: 'api-below-http', file: 'src-main/api/up.ts', imports: '../http/app.ts' },
  { rule: 'http-above-api', file: 'src-main/http/store.ts', imports: '../store/takes.ts' },
  { rule: 'entries-on-top', file: 'src-main/media/entry.ts', imports: '../studio.ts' },
  { rule: 'main-no-react', file: 'src-main/api/react.ts', imports: 'react' },
  { rule: 'one-folder-better-sqlite3', file: 'src-main/review/sql.ts', imports: 'better-sqlite3' },
  { rule: 'one-folder-chokidar', file: 'src-main/store/watch.ts', imports: 'chokidar' },
  { rule: 'one-folder-ffmpeg', file: 'src-main/gates/ffmpeg.ts', imports: 'fluent-ffmpeg' },
  { rule: 'one-folder-hono', file: 'src-main/api/hono.ts', imports: '@hono/node-server' },
  { rule: 'one-folder-electron', file: 'src-main/serve.ts', imports: 'electron' },
  { rule: 'one-folder-sharp', file: 'src-main/refs/pixels.ts', imports: 'sharp' },
  { rule: 'one-folder-orpc-server', file: 'src-main/review/orpc.ts', imports: '@orpc/server' },
  { rule: 'one-folder-orpc-client', file: 'src-renderer/stores/client.ts', imports: '@orpc/client' },
  { rule: 'one-folder-child_process', file: 'src-main/providers/spawn.ts', imports: 'node:child_process' },
  { rule: 'no-cycle', file: 'src-main/scenes/first.ts', imports: './second.ts' },
  { rule: 'no-cycle', file: 'src-main/boards/first.ts', imports: './second.ts', typeOnly: true },
  { rule: 'no-unresolved', file: 'src-main/refs/gone.ts', imports: './not-there.ts' },
  { rule: 'no-dev-package', file: 'src-main/platform/dev.ts', imports: 'vitest' },
  { rule: 'no-test-code', file: 'src-main/platform/tested.ts', imports: './clock.test.ts' },
];

export const legal: PlantedImport[] = [
  { file: 'src-shared/domain/shot.ts', imports: 'zod' },
  { file: 'src-shared/api/takes.ts', imports: '@orpc/contract' },
  { file: 'src-renderer/player/use-player.ts', imports: 'react' },
  { file: 'src-renderer/features/dailies/room.tsx', imports: '../../stores/takes.ts' },
  { file: 'src-preload/preload.ts', imports: 'electron' },
  { file: 'src-main/store/clock.ts', imports: '../orchestrator/ports/clock.ts', typeOnly: true },
  { file: 'src-main/review/override.ts', imports: '../orchestrator/dispatch.ts' },
  { file: 'src-main/api/takes.ts', imports: '../review/notes.ts' },
  { file: 'src-main/store/database.ts', imports: 'better-sqlite3' },
  { file: 'src-main/electron.ts', imports: './studio.ts' },
  { file: 'src-main/cli.ts', imports: 'node:child_process' },
];

/** Files that are only imported, and the other half of each cycle. */
export const targets: Record<string, string> = {
  'src-main/scenes/second.ts': "import { name } from './first.ts';\nexport const second = name;\n",
  'src-main/boards/second.ts': "import type { name } from './first.ts';\nexport type Second = typeof name;\n",
};
