// Reads a file's C2PA manifests, as in `node verify.mjs video/mp4 film.mp4 root.pem`, and writes what the library of their authors says of them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initSync, WasmReader } from '@contentauth/c2pa-wasm';

const [format, file, anchors] = process.argv.slice(2);
initSync({ module: readFileSync(createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm')) });
const context = anchors ? { trust: { user_anchors: readFileSync(anchors, 'utf8') }, verify: { verify_trust: true } } : { verify: { verify_trust: false } };
const reader = await WasmReader.fromBytes(format, new Uint8Array(readFileSync(file)), JSON.stringify(context));
console.log(reader.json());
