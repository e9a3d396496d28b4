// Squeezes what was built as far as Brotli goes, once: the server sends it as it is to all who take it.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { brotliCompressSync, constants } from "node:zlib";

const ASSETS = new URL("../../exhibit/static/viewer/assets/", import.meta.url);

for (const name of await readdir(ASSETS)) {
  const content = await readFile(new URL(name, ASSETS));
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.byteLength }; // the quality is the best unless told
  await writeFile(new URL(`${name}.br`, ASSETS), brotliCompressSync(content, { params }));
}
