import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { besideOf, fetchHall, prefetchHall, slugOf } from "../src/core/hall-api.ts";
import { DRACO, takePrefetched } from "../src/core/prefetch.ts";
import type { Hall } from "../src/document/schema.ts";

describe("the addresses of halls", () => {
  it.each([
    ["/api/halls/kiln", "/api/halls/tea"],
    ["/api/halls/kiln/draft", "/api/halls/tea"],
    ["https://museum.example/api/halls/kiln", "https://museum.example/api/halls/tea"],
  ])("beside %s is %s", (src, beside) => {
    expect(slugOf(src)).toBe("kiln");
    expect(besideOf(src, "tea")).toBe(beside);
  });
});

describe("what is asked for early", () => {
  const file = (sha256: string) => ({ sha256, bytes: 1, mime: "model/gltf-binary" });
  const hall = {
    schema: "longyao:hall/1",
    architecture: { asset: "room" },
    placements: {},
    placement_order: [],
    assets: {
      room: { files: { thumb: file("t"), model: file("m"), lods: [file("l")], collider: file("c") } },
      vase: { files: { thumb: file("v") } },
    },
  } as unknown as Hall;
  const asked: string[] = [];

  beforeEach(() => {
    asked.length = 0;
    vi.stubGlobal("fetch", async (address: string) => {
      asked.push(address);
      if (address.endsWith("/nowhere")) throw new TypeError("no network");
      return address.startsWith("/api/") ? Response.json(hall) : new Response(address);
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  it("is the document, then what the room needs to stand and nothing else, each once", async () => {
    const early = prefetchHall("/api/halls/kiln", "/media/");
    const document = await fetchHall("/api/halls/kiln", new AbortController().signal);
    await early;
    expect(document).toEqual(hall);
    for (const address of ["/media/l", "/media/c", DRACO.js, DRACO.wasm])
      expect(await (await takePrefetched(address)).text()).toBe(address);
    expect([...asked].sort()).toEqual(["/api/halls/kiln", "/media/l", "/media/c", DRACO.js, DRACO.wasm].sort());
    await takePrefetched("/media/l"); // again: asked anew
    expect(asked.filter((address) => address === "/media/l")).toHaveLength(2);
  });

  it("fails for whoever needs it", async () => {
    await expect(prefetchHall("/nowhere", "/media/")).rejects.toThrow("no network");
    await expect(fetchHall("/nowhere", new AbortController().signal)).rejects.toThrow("no network");
    expect(asked).toEqual(["/nowhere"]);
  });
});
