// Weighs what a browser fetches before the first picture of a hall: scripts and styles, gzipped. Fails past the budget.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

export const BUDGET_KB = 260;
export const STUDIO_BUDGET_KB = 400;
export const ASSET_BUDGET_KB = 300;
const BUILT = new URL("../../exhibit/static/viewer/", import.meta.url);

export interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}
export type Manifest = Readonly<Record<string, Chunk>>;

/** The files of these entries and of all that they import statically. */
export function filesOf(manifest: Manifest, entries: readonly string[]): Set<string> {
  const files = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (!chunk) throw new Error(`${name} is not in the manifest`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const sheet of chunk.css ?? []) files.add(sheet);
    for (const other of chunk.imports ?? []) visit(other);
  };
  for (const entry of entries) visit(entry);
  return files;
}

async function kilobytes(files: Iterable<string>): Promise<number> {
  let bytes = 0;
  for (const file of files) bytes += gzipSync(await readFile(new URL(file, BUILT)), { level: 9 }).byteLength;
  return bytes / 1000;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const manifest = JSON.parse(await readFile(new URL("manifest.json", BUILT), "utf8")) as Manifest;
  const page = await kilobytes(filesOf(manifest, ["src/main.ts"]));
  const visit = await kilobytes(filesOf(manifest, ["src/main.ts", "src/app/visit.ts"]));
  console.log(`page ${page.toFixed(1)} KB gz, before the first picture ${visit.toFixed(1)} of ${BUDGET_KB} KB gz`);
  const studio = await kilobytes(filesOf(manifest, ["src/studio.ts"]));
  console.log(`studio ${studio.toFixed(1)} of ${STUDIO_BUDGET_KB} KB gz`);
  const asset = await kilobytes(filesOf(manifest, ["src/asset.ts", "src/asset/asset-view.ts"]));
  console.log(`asset ${asset.toFixed(1)} of ${ASSET_BUDGET_KB} KB gz`);
  if (visit > BUDGET_KB || studio > STUDIO_BUDGET_KB || asset > ASSET_BUDGET_KB) process.exit(1);
}
