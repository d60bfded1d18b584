// Bundles the islands, the style sheet, the fonts and the icons. Runs under MSBuild (RecordingVault.Server.csproj).
// Out: ../wwwroot/app (every name carries a hash of its content, so answers may be kept for ever),
// and ../obj/client, which the server embeds: assets.json (logical name to hashed name) and icons.svg.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const app = join(here, '../wwwroot/app');
const embedded = join(here, '../obj/client');
const hashed = '[name]-[hash]';

await rm(app, { recursive: true, force: true });
await mkdir(app, { recursive: true });
await mkdir(embedded, { recursive: true });

const islands = (await readdir(join(here, 'src/islands'))).map(file => join('src/islands', file));
const result = await build({
  absWorkingDir: here,
  entryPoints: [...islands, 'styles/site.css'],
  outdir: app,
  outbase: 'src/islands',
  entryNames: hashed, chunkNames: hashed, assetNames: hashed,
  bundle: true, splitting: true, format: 'esm', target: 'es2022', minify: true,
  loader: { '.woff2': 'file' },
  legalComments: 'none', // their licences go out whole, in licences.txt
  metafile: true,
  logLevel: 'warning',
});

const assets = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  const name = basename(path);
  if (output.entryPoint) assets[basename(output.entryPoint).replace(/\.ts$/, '.js')] = name;
  else if (extname(name) === '.woff2') assets[name.replace(/-[A-Z0-9]{8}\.woff2$/, '.woff2')] = name;
}

for (const file of await readdir(join(here, 'public'))) {
  const bytes = await readFile(join(here, 'public', file));
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase();
  const name = `${basename(file, extname(file))}-${digest}${extname(file)}`;
  await copyFile(join(here, 'public', file), join(app, name));
  assets[file] = name;
}

await writeFile(join(embedded, 'assets.json'), JSON.stringify(assets, null, 2));
await writeFile(join(embedded, 'icons.svg'), await icons());
await writeFile(join(app, 'licences.txt'), await licences(Object.keys(result.metafile.inputs)));

/** The shapes of the icons that icons.json names, one <symbol> a line. */
async function icons() {
  const names = JSON.parse(await readFile(join(here, 'icons.json'), 'utf8'));
  const symbols = await Promise.all(names.map(async name => {
    const svg = await readFile(join(here, `node_modules/lucide-static/icons/${name}.svg`), 'utf8');
    const shapes = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'));
    return `<symbol id="i-${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, '').replace(/\s+\/>/g, '/>')}</symbol>`;
  }));
  return symbols.join('\n');
}

/** The licence of every package of which something is in the bundles, fonts and icons included. */
async function licences(inputs) {
  const packages = new Set(['lucide-static']);
  for (const input of inputs) {
    const inside = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (inside) packages.add(inside[1]);
  }
  const texts = [];
  for (const name of [...packages].sort()) {
    const folder = join(here, 'node_modules', name);
    const file = (await readdir(folder)).find(entry => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${relative(here, folder)} has no licence text`);
    texts.push(`${name}\n${'='.repeat(name.length)}\n\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`);
  }
  return texts.join('\n\n');
}
