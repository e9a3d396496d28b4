// Encodes one picture as KTX2 that stays compressed on the graphics card: ETC1S with all its smaller copies.
//   node scripts/ktx2.ts colour|data|normal WIDTH HEIGHT OUT.ktx2 < RGBA      8 bits a channel, rows from the top
import { writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { encodeToKTX2 } from "ktx2-encoder";

const [kind, width, height, out] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4]), process.argv[5]];
const data = new Uint8Array(await buffer(process.stdin));
if (!["colour", "data", "normal"].includes(kind ?? "") || data.length !== width * height * 4 || !out) {
  console.error("ktx2.ts: colour|data|normal WIDTH HEIGHT OUT.ktx2, and as many RGBA bytes on standard input");
  process.exit(2);
}
console.log = () => {}; // the encoder counts its slices aloud
const encoded = await encodeToKTX2(data, {
  imageDecoder: async () => ({ data, width, height }),
  isUASTC: false,
  qualityLevel: kind === "normal" ? 255 : 192,
  compressionLevel: 1,
  generateMipmap: true,
  isPerceptual: kind === "colour",
  isSetKTX2SRGBTransferFunc: kind === "colour",
  isNormalMap: kind === "normal",
});
await writeFile(out, encoded);
