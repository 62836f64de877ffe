import type { MediaView } from '../../src-shared/api/media-urls.ts';
import { hexOf } from '../../src-shared/domain/hash.ts';
import type { MediaFile, MediaLookup } from '../api/studio-services.ts';
import { AppError } from '../platform/app-error.ts';
import type { Production } from './production.ts';
import { requireTake } from './take-services.ts';

/** Finds the file of a take's view or of a hero by id or hash; what is asked for by path does not exist here. */
export function createMediaLookup(production: Production): MediaLookup {
  const { store, paths, cache, files } = production;
  return {
    async take(takeId, view) {
      const take = requireTake(takeId, production);
      if (view === 'original') {
        const path = paths.resolve(take.path);
        if (!(await files.exists(path))) throw missing(take.path);
        return { path, mimeType: take.probe.mimeType, etag: hexOf(take.sha256) };
      }
      const prepared = await cache.lookUp(take.sha256);
      const found = prepared && viewOf(view, prepared);
      if (found) return { ...found, etag: `${hexOf(take.sha256)}-${view}` };
      throw new AppError({
        code: 'media.not-ready',
        message: `${takeId} has no ${view} yet.`,
        hint: 'It is made in the background; the take says when it is there.',
        retry: true,
      });
    },
    async ref(sha256) {
      const ref = store.refByHash(sha256);
      if (!ref) throw new AppError({ code: 'ref.missing', message: 'There is no hero with this hash.' });
      const path = paths.resolve(ref.path);
      if (!(await files.exists(path))) throw missing(ref.path);
      const probe = await production.media.probe(path);
      return { path, mimeType: probe.mimeType, etag: hexOf(sha256) };
    },
  };
}

function viewOf(
  view: Exclude<MediaView, 'original'>,
  prepared: { posterPath: string | null; filmstripPath: string | null; proxyPath: string | null },
): Pick<MediaFile, 'path' | 'mimeType'> | null {
  const path = { poster: prepared.posterPath, filmstrip: prepared.filmstripPath, proxy: prepared.proxyPath }[view];
  return path === null ? null : { path, mimeType: view === 'proxy' ? 'video/mp4' : 'image/jpeg' };
}

function missing(file: string): AppError {
  return new AppError({
    code: 'file.missing',
    message: `${file} is no longer where it was recorded.`,
    hint: 'Put it back, or verify the project to see what else is missing.',
  });
}
