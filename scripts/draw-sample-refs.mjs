// Renders the sample production's drawings (SVG) to its reference pictures (PNG) and rewrites assets/refs.manifest.json.
// Input is assets-src/art.json: which drawing, which variant layers, which slot. Run it again after an edit to the art:
//   node scripts/draw-sample-refs.mjs projects/last-car-to-salt-hill
// A pool file is named after its bytes, so the renderer replaces a view's earlier file rather than overwriting it.

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

const project = path.resolve(process.argv[2] ?? 'projects/last-car-to-salt-hill');
const promotedAt = '2026-01-01T00:00:00Z';

/** @typedef {any} View one entry of art.json */

/**
 * Drawings hide every group of class "variant"; a rule added here shows the ones a view asks for.
 * @param {string} svg
 * @param {string[]} [names]
 */
function showVariants(svg, names = []) {
  const shown = names.map((name) => `#${name}{display:inline}`).join('');
  return svg.replace('<defs>', `<style>.variant{display:none}${shown}</style>\n<defs>`);
}

/**
 * Renders one view; a wash is a drawing laid over the figure only (its alpha is kept).
 * @param {View} view
 */
async function render(view) {
  const source = (/** @type {string} */ name) => readFile(path.join(project, 'assets-src', name), 'utf8');
  const picture = sharp(Buffer.from(showVariants(await source(view.svg), view.show))).resize({ width: view.width });
  let image = picture;
  if (view.wash) {
    const base = await picture.png().toBuffer({ resolveWithObject: true });
    const { width, height } = base.info;
    const wash = await sharp(Buffer.from(await source(view.wash)))
      .resize({ width, height, fit: 'fill' })
      .png()
      .toBuffer();
    image = sharp(
      await sharp(base.data)
        .composite([{ input: wash, blend: 'atop' }])
        .png()
        .toBuffer(),
    );
  }
  if (view.opaque) image = image.flatten({ background: '#000000' });
  const quality = { palette: true, quality: 100, colours: view.colours ?? 256, dither: view.dither ?? 1 };
  return image.png({ compressionLevel: 9, effort: 7, ...quality }).toBuffer();
}

/**
 * Removes earlier renderings of one view, and nothing else, from its pool folder.
 * @param {string} folder
 * @param {string} view
 * @param {string} keep the name of the new file
 */
async function removeEarlier(folder, view, keep) {
  for (const name of await readdir(folder)) {
    const [stem, hash, extension, ...rest] = name.split('.');
    const isEarlier = stem === view && /^[0-9a-f]{12}$/.test(hash ?? '') && extension === 'png' && rest.length === 0;
    if (isEarlier && name !== keep) await rm(path.join(folder, name));
  }
}

/**
 * @param {View} view
 * @param {Buffer} png
 */
async function drawSlot(view, png) {
  const sha256 = createHash('sha256').update(png).digest('hex');
  const folder = `assets/${view.subject_class}/${view.subject_id}/base/pool/${view.kind}`;
  const name = `${view.view}.${sha256.slice(0, 12)}.png`;
  await mkdir(path.join(project, folder), { recursive: true });
  await writeFile(path.join(project, folder, name), png);
  await removeEarlier(path.join(project, folder), view.view, name);
  return {
    subject_class: view.subject_class,
    subject_id: view.subject_id,
    kind: view.kind,
    view: view.view,
    path: `${folder}/${name}`,
    sha256: `sha256:${sha256}`,
    source: 'sample',
    promoted_at: promotedAt,
    supersedes: null,
  };
}

const art = JSON.parse(await readFile(path.join(project, 'assets-src', 'art.json'), 'utf8'));
const slots = [];
let total = 0;
for (const view of art.views) {
  const png = await render(view);
  total += png.length;
  let target = view.candidate;
  if (target) {
    await mkdir(path.dirname(path.join(project, target)), { recursive: true });
    await writeFile(path.join(project, target), png);
  } else {
    const slot = await drawSlot(view, png);
    slots.push(slot);
    target = slot.path;
  }
  console.log(`${String(Math.round(png.length / 1024)).padStart(5)} KiB  ${target}`);
}
const manifest = { schema_version: 'circletake.refs.v1', slots };
await writeFile(path.join(project, 'assets', 'refs.manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`${slots.length} slots, ${Math.round(total / 1024)} KiB in all`);
