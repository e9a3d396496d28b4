import { type BufferGeometry, PerspectiveCamera, type Scene } from "three";
import { vi } from "vitest";
import { QualityTiers } from "../src/core/quality-tiers.ts";
import type { Asset, Hall } from "../src/document/schema.ts";
import { HallSession, type HallViewport } from "../src/navigation/hall-session.ts";
import { hallOf, model } from "./halls.ts";
import { room } from "./rooms.ts";

/** Open halls for tests: real documents and real glTF files behind a `fetch` of the test, on a viewport without a GPU. */

export const MEDIA = "/media/";

/** A binary glTF with one unlit mesh (glTF 2.0, 4.4). */
export function glb(geometry: BufferGeometry): ArrayBuffer {
  const positions = geometry.getAttribute("position");
  const data = new Uint8Array((positions.array as Float32Array).buffer.slice(0));
  geometry.computeBoundingBox();
  const { min, max } = geometry.boundingBox as { min: { toArray(): number[] }; max: { toArray(): number[] } };
  const json = {
    asset: { version: "2.0" },
    extensionsUsed: ["KHR_materials_unlit"],
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0 }],
    materials: [{ extensions: { KHR_materials_unlit: {} } }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, material: 0 }] }],
    accessors: [
      {
        bufferView: 0,
        componentType: 5126,
        count: positions.count,
        type: "VEC3",
        min: min.toArray(),
        max: max.toArray(),
      },
    ],
    bufferViews: [{ buffer: 0, byteLength: data.byteLength }],
    buffers: [{ byteLength: data.byteLength }],
  };
  const text = new TextEncoder().encode(JSON.stringify(json));
  const length = Math.ceil(text.byteLength / 4) * 4;
  const bytes = new Uint8Array(28 + length + data.byteLength).fill(0x20);
  const view = new DataView(bytes.buffer);
  const header = [0x46546c67, 2, bytes.byteLength, length, 0x4e4f534a];
  for (const [i, value] of header.entries()) view.setUint32(4 * i, value, true);
  bytes.set(text, 20);
  view.setUint32(20 + length, data.byteLength, true);
  view.setUint32(24 + length, 0x004e4942, true);
  bytes.set(data, 28 + length);
  return bytes.buffer;
}

const file = (sha256: string) => ({ sha256, bytes: 1000, mime: "model/gltf-binary" }) as const;

/** An asset of an exhibit whose model is the file `sha256`. */
export function exhibitAsset(sha256: string, size = 0.5): Asset {
  const asset = model(size, size);
  return { ...asset, files: { ...asset.files, model: file(sha256), collider: file(sha256) } };
}

/** An asset of a scan's points, the coarsest of which are the file `sha256`: of a place, if it is large. */
export function scanAsset(sha256: string, size: number): Asset {
  const { files, ...asset } = model(size, size);
  return { ...asset, kind: "cloud", files: { ...files, model: file(`${sha256}-all`), lods: [file(sha256)] } };
}

/** A hall document whose room is the file "room". */
export function walkable(placements: Hall["placements"], more: Partial<Hall> = {}): Hall {
  const architecture = {
    ...model(12, 4),
    files: { ...model(12, 4).files, model: file("room"), collider: file("room") },
  };
  return hallOf(placements, { ...more, assets: { room: architecture, ...more.assets } });
}

/** Answers to `fetch`: JSON documents, files, or a status. Everything else is not found. */
export type Answers = Record<string, object | ArrayBuffer | number>;

/** Serves these URLs, and a room of 12 x 12 m as the file "room". Returns the URLs that were asked for. */
export function serve(answers: Answers): string[] {
  const asked: string[] = [];
  const absolute = (url: string) => new URL(url, "http://localhost:3000").href; // jsdom's page
  const all = new Map(
    Object.entries({ [`${MEDIA}room`]: glb(room(6)), ...answers }).map(([url, answer]) => [absolute(url), answer]),
  );
  vi.stubGlobal("fetch", async (input: string | URL | Request, init?: RequestInit) => {
    const url = input instanceof Request ? input.url : String(input);
    asked.push(url);
    init?.signal?.throwIfAborted();
    const answer = all.get(absolute(url)) ?? 404;
    if (typeof answer === "number") return new Response(null, { status: answer });
    // jsdom and Node have an ArrayBuffer each, so that instanceof does not tell.
    return "byteLength" in answer ? new Response((answer as ArrayBuffer).slice(0)) : Response.json(answer);
  });
  return asked;
}

/** A viewport that draws nothing. */
export function undrawnViewport(): HallViewport & { shown: Scene | null } {
  const viewport = {
    renderer: {} as HallViewport["renderer"],
    quality: new QualityTiers(null),
    camera: new PerspectiveCamera(60, 1, 0.04, 250),
    shown: null as Scene | null,
    show(scene: Scene) {
      viewport.shown = scene;
    },
  };
  return viewport;
}

/** An open hall in which the visitor stands at the entrance, or at the door that leads to the hall `from`. */
export async function openSession(
  hall: Hall,
  { answers = {}, from = null, calm = true }: { answers?: Answers; from?: string | null; calm?: boolean } = {},
): Promise<HallSession> {
  serve({ "/api/halls/kiln": hall, ...answers });
  const { signal } = new AbortController();
  const session = await HallSession.fetch("/api/halls/kiln", MEDIA, "en", undrawnViewport(), signal);
  await session.open(signal, () => calm, from);
  return session;
}
