// Who may import what: the table of docs/ARCHITECTURE.md as rules. There is no list of exceptions. test/policy plants a
// violation of every rule here and expects it to be found.

const own = 'settings|rehearsal';
const services = 'orchestrator|supervisor|line|review|prompts|breakdown|scenes|boards|refs|handoff|learning';
const adapters = 'store|media|providers|gates';
// Every file that lies directly in src-main, the composition root's folder, and what the hosts are made of.
const entries = '^src-main/[^/]+\\.ts$|^src-main/(studio|shell|cli)/';

/** A package, wherever node_modules is; also matches when it could not be resolved. @param {string} names */
const npm = (names) => `(^|/)node_modules/(${names})(/|$)|^(${names})(/|$)`;
/** A module of Node. @param {string} names */
const core = (names) => `^(node:)?(${names})$`;

/**
 * An import that is forbidden.
 * @param {string} name
 * @param {string} comment
 * @param {Record<string, unknown>} from
 * @param {Record<string, unknown>} to
 */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/**
 * A library that one place owns.
 * @param {string} name
 * @param {string} library
 * @param {string} owner
 */
const owned = (name, library, owner) =>
  forbid(`one-folder-${name}`, `Only ${owner} may import ${name}.`, { pathNot: owner }, { path: library });

/** A folder of src-main and those it may import. @type {(folder: string, others: string, comment: string) => ReturnType<typeof forbid>} */
const alone = (folder, others, comment) =>
  forbid(
    `${folder}-alone`,
    comment,
    { path: `^src-main/${folder}/` },
    { path: '^src-main/', pathNot: `^src-main/(${folder}|${others})/` },
  );

const shared = [
  forbid(
    'shared-npm',
    'src-shared may import zod and, for the contract, @orpc/contract.',
    { path: '^src-shared/' },
    {
      dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-no-pkg', 'core'],
      pathNot: npm('zod|@orpc/contract'),
    },
  ),
  forbid(
    'shared-contract',
    'Only the contract knows @orpc.',
    { path: '^src-shared/', pathNot: '^src-shared/api/' },
    {
      path: npm('@orpc/[^/]+'),
    },
  ),
  forbid(
    'shared-domain-below-api',
    'The domain does not know the contract.',
    { path: '^src-shared/domain/' },
    {
      path: '^src-shared/api/',
    },
  ),
  forbid(
    'shared-alone',
    'src-shared imports nothing of a process.',
    { path: '^src-shared/' },
    {
      path: '^(src-main|src-preload|src-renderer|test|scripts)/',
    },
  ),
];

const renderer = [
  forbid(
    'renderer-shared-only',
    'The renderer knows src-shared, never another process.',
    { path: '^src-renderer/' },
    {
      path: '^(src-main|src-preload|test|scripts)/',
    },
  ),
  forbid(
    'renderer-no-node',
    'The renderer is a web page: no Node.',
    { path: '^src-renderer/' },
    {
      dependencyTypes: ['core'],
    },
  ),
  forbid(
    'feature-alone',
    'A feature never imports another feature.',
    { path: '^src-renderer/features/([^/]+)/' },
    {
      path: '^src-renderer/features/',
      pathNot: '^src-renderer/features/$1/',
    },
  ),
  forbid(
    'ui-is-dumb',
    'ui/ takes everything as properties.',
    { path: '^src-renderer/ui/' },
    {
      path: '^src-renderer/(api|app|features|stores)/',
    },
  ),
  forbid(
    'stores-below-rooms',
    'Stores do not know who shows them.',
    { path: '^src-renderer/(stores|api)/' },
    {
      path: '^src-renderer/(app|features|ui)/',
    },
  ),
  forbid(
    'player-alone',
    'The player engine stands alone.',
    { path: '^src-renderer/player/' },
    {
      path: '^src-renderer/(api|app|features|stores)/',
    },
  ),
  forbid(
    'player-no-react',
    'No React in the engine: only in its component and hooks.',
    {
      path: '^src-renderer/player/.*\\.ts$',
      pathNot: '/use-[^/]+\\.ts$',
    },
    { path: npm('react|react-dom|zustand') },
  ),
];

const preload = [
  forbid(
    'preload-alone',
    'The bridge knows electron and names of src-shared.',
    { path: '^src-preload/' },
    {
      path: '.',
      pathNot: `^src-(preload|shared)/|${npm('electron')}`,
    },
  ),
];

const main = [
  forbid(
    'main-no-renderer',
    'The main process never imports a page or the bridge.',
    { path: '^src-main/' },
    {
      path: '^(src-preload|src-renderer|test|scripts)/',
    },
  ),
  forbid(
    'main-known-folder',
    'A new folder of src-main first gets its line in the table of who may import what.',
    {
      path: '^src-main/',
      pathNot: `^src-main/(platform|projects|api|http|${adapters}|${services}|${own})/|${entries}`,
    },
    { path: '.' },
  ),
  alone('platform', 'orchestrator/ports', 'platform imports Node, src-shared and the ports it fulfils.'),
  alone('projects', 'platform|orchestrator/ports', 'projects imports Node, src-shared, platform and its ports.'),
  alone(
    'settings',
    'platform',
    'settings imports Node, src-shared and platform: it is told which providers there are.',
  ),
  alone('rehearsal', 'platform|projects', 'rehearsal imports Node, src-shared, platform and projects.'),
  forbid(
    'adapter-alone',
    'store, media, providers and gates never import each other or what is above them.',
    {
      path: `^src-main/(${adapters})/`,
    },
    { path: '^src-main/', pathNot: '^src-main/($1|platform|projects|orchestrator/ports)/' },
  ),
  forbid(
    'adapter-port-types',
    'Who fulfils a port takes types from it, nothing that runs.',
    {
      path: `^src-main/(${adapters}|platform|projects|http)/`,
    },
    { path: '^src-main/orchestrator/ports/', dependencyTypesNot: ['type-only'] },
  ),
  forbid(
    'ports-are-types',
    'Ports are the border: they know src-shared and platform only.',
    {
      path: '^src-main/orchestrator/ports/',
    },
    { path: '^src-main/', pathNot: '^src-main/(orchestrator/ports|platform)/' },
  ),
  forbid(
    'service-no-adapter',
    'Services reach adapters through the ports.',
    { path: `^src-main/(${services})/` },
    {
      path: `^src-main/(${adapters}|api|http)/|${entries}`,
    },
  ),
  forbid(
    'service-public-file',
    'A service imports public files of another, not its subfolders.',
    {
      path: `^src-main/(${services})/`,
    },
    { path: `^src-main/(${services})/[^/]+/`, pathNot: '^src-main/($1/|orchestrator/ports/)' },
  ),
  forbid(
    'service-no-outside',
    'Services start no program and open no connection.',
    {
      path: `^src-main/(${services})/`,
    },
    { path: core('child_process|http|https|http2|net|tls|dgram|cluster') },
  ),
  forbid(
    'api-below-http',
    'The contract is implemented without knowing HTTP or the entries.',
    {
      path: '^src-main/api/',
    },
    { path: `^src-main/http/|${entries}` },
  ),
  forbid(
    'http-above-api',
    'http imports api, media and platform.',
    { path: '^src-main/http/' },
    {
      path: '^src-main/',
      pathNot: '^src-main/(http|api|media|platform|orchestrator/ports)/',
    },
  ),
  forbid(
    'entries-on-top',
    'Nothing below imports an entry.',
    { path: '^src-main/[^/]+/', pathNot: entries },
    { path: entries },
  ),
  forbid(
    'main-no-react',
    'The main process draws nothing.',
    { path: '^src-main/' },
    {
      path: npm('react|react-dom|radix-ui|zustand|lucide-react|@tanstack/[^/]+'),
    },
  ),
];

const libraries = [
  owned('better-sqlite3', npm('better-sqlite3|@types/better-sqlite3'), '^src-main/store/'),
  owned('chokidar', npm('chokidar'), '^src-main/projects/'),
  owned('ffmpeg', npm('fluent-ffmpeg|ffmpeg-static|@types/fluent-ffmpeg'), '^src-main/media/'),
  owned('hono', npm('hono|@hono/[^/]+'), '^src-main/http/'),
  owned('electron', npm('electron'), '^src-main/electron[^/]*\\.ts$|^src-preload/'),
  owned('sharp', npm('sharp'), '^src-main/(media|gates|providers)/'),
  owned('orpc-server', npm('@orpc/(server|openapi|zod)'), '^src-main/(api|http)/'),
  owned('orpc-client', npm('@orpc/client'), '^src-renderer/api/'),
  owned('child_process', core('child_process'), `^src-main/(media|platform)/|${entries}`),
];

const anywhere = [
  forbid('no-cycle', 'Two files that need each other are one file, or three.', {}, { circular: true }),
  forbid('no-unresolved', 'An import that resolves to nothing.', {}, { couldNotResolve: true }),
  forbid(
    'no-dev-package',
    'What ships does not import a package that is not shipped.',
    {},
    {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
      dependencyTypesNot: ['type-only'],
      pathNot: npm('electron|tailwindcss|vite'),
    },
  ),
  forbid('no-test-code', 'What ships does not import tests.', { path: '^src-' }, { path: '\\.(test|spec)\\.tsx?$' }),
];

export default {
  forbidden: [...shared, ...renderer, ...preload, ...main, ...libraries, ...anywhere],
  options: {
    // TypeScript 7 has no JavaScript API, so swc reads the sources; it sees type-only imports too.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'module', 'browser', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
