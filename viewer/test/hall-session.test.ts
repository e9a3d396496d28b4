// @vitest-environment jsdom
import { Box3, Vector3 } from "three";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BODY } from "../src/core/collide.ts";
import { pick } from "../src/core/pick.ts";
import { poseOfView } from "../src/core/view.ts";
import { GLASS_M, LID_M } from "../src/document/furniture.ts";
import type { Asset, Door, Hall, Tiles } from "../src/document/schema.ts";
import { HallSession } from "../src/navigation/hall-session.ts";
import { completeJsdom } from "./browser.ts";
import { placed, text } from "./halls.ts";
import { block } from "./rooms.ts";
import { exhibitAsset, glb, MEDIA, openSession, scanAsset, serve, undrawnViewport, walkable } from "./sessions.ts";

const GATE: Door = {
  title: text("Gate"),
  position: [-5, 0, 1],
  facing_deg: 90,
  width_m: 1.6,
  height_m: 2.2,
  hall: "tea",
};

const TILES: Tiles = { archive: { sha256: "archive", bytes: 1, mime: "application/vnd.maxar.archive.3tz+zip" } };

beforeEach(completeJsdom);
afterEach(() => vi.unstubAllGlobals());

describe("a hall session", () => {
  it("opens at the entrance, on the floor of the room", async () => {
    const session = await openSession(walkable({}));
    expect(session.slug).toBe("kiln");
    expect(session.cameraController?.pose.eye.toArray()).toEqual([0, expect.closeTo(BODY.eye, 6), 4]);
    expect(session.hall.colliders.bounds.max.x).toBeCloseTo(6, 5);
  });

  it("opens before the door that leads back, with the back to it", async () => {
    const session = await openSession(walkable({}, { doors: { gate: GATE } }), { from: "tea" });
    const { eye, yaw } = session.cameraController?.pose ?? { eye: null, yaw: 0 };
    expect(eye?.x).toBeGreaterThan(-5);
    expect(eye?.z).toBeCloseTo(1, 6);
    expect(yaw).toBeCloseTo(-Math.PI / 2, 6); // towards +X
  });

  it("shows its scene on the viewport once the visitor can walk", async () => {
    serve({ "/api/halls/kiln": walkable({}) });
    const viewport = undrawnViewport();
    const { signal } = new AbortController();
    const session = await HallSession.fetch("/api/halls/kiln", MEDIA, "en", viewport, signal);
    expect(viewport.shown).toBeNull();
    await session.open(signal, () => true, null);
    expect(viewport.shown).toBe(session.hall.scene);
  });

  it("fetches the first points of a scanned place after the room and before other exhibits, then its tiles", async () => {
    const { files, ...scanned } = scanAsset("points", 8);
    const scan = { ...scanned, files: { ...files, tiles: TILES } };
    const hall = walkable(
      { bay: placed("object", [0, 0, 0], { asset: "scan" }), vase: placed("object", [3, 0, 0], { asset: "vase" }) },
      { assets: { scan, vase: exhibitAsset("vase") } },
    );
    const asked = serve({
      "/api/halls/kiln": hall,
      [`${MEDIA}points`]: glb(block(-4, 0, -4, 4, 3, 4)),
      [`${MEDIA}vase`]: glb(block(-0.5, 0, -0.5, 0.5, 1, 0.5)),
    });
    const { signal } = new AbortController();
    const session = await HallSession.fetch("/api/halls/kiln", MEDIA, "en", undrawnViewport(), signal);
    const shown = new Promise<void>((resolve) =>
      session.hall.changed.on((exhibit) => exhibit?.id === "bay" && exhibit.shown === 0 && resolve()),
    );
    await session.open(signal, () => true, null);
    expect(session.hall.streaming.stats.loading).toBe(0);
    await shown;
    expect(asked.filter((url) => url.startsWith(MEDIA)).slice(0, 2)).toEqual([`${MEDIA}room`, `${MEDIA}points`]);
    session.hall.refine(poseOfView(hall.start), 1, null);
    expect(session.hall.streaming.stats.loading).toBe(1);
    session.close();
  });

  it("streams a room that has tiles, and loads no finer model of it", async () => {
    const { assets, ...hall } = walkable({});
    const { files, ...architecture } = assets.room as Asset;
    const { model, ...others } = files;
    const finest = { sha256: "finest", bytes: 1, mime: "model/gltf-binary" } as const;
    const levels = { model: finest, lods: model ? [model] : [] };
    const room = { ...architecture, files: { ...others, ...levels, tiles: TILES } };
    const asked = serve({ "/api/halls/kiln": { ...hall, assets: { room } } });
    const { signal } = new AbortController();
    const session = await HallSession.fetch("/api/halls/kiln", MEDIA, "en", undrawnViewport(), signal);
    await session.open(signal, () => true, null);
    session.hall.refine(poseOfView(hall.start), 1, null);
    await new Promise<void>((resolve) => session.hall.streaming.arrived.on(resolve));
    expect(session.hall.streaming.groups.size).toBe(1);
    const [tiles] = session.hall.streaming.groups;
    expect(tiles?.parent?.parent).toBe(session.hall.scene);
    expect(asked).not.toContain(`${MEDIA}finest`);
    session.close();
  });

  it("is not entered if it was cancelled meanwhile", async () => {
    serve({ "/api/halls/kiln": walkable({}) });
    const abort = new AbortController();
    const session = await HallSession.fetch("/api/halls/kiln", MEDIA, "en", undrawnViewport(), abort.signal);
    const opened = session.open(abort.signal, () => true, null);
    abort.abort();
    await expect(opened).rejects.toThrow("abort");
    expect(session.cameraController).toBeNull();
  });

  it("is refused without its room, or if the document is none of a hall", async () => {
    const { signal } = new AbortController();
    serve({ "/api/halls/kiln": walkable({}), [`${MEDIA}room`]: 404, "/api/halls/other": { schema: "something" } });
    const session = await HallSession.fetch("/api/halls/kiln", MEDIA, "en", undrawnViewport(), signal);
    await expect(session.open(signal, () => true, null)).rejects.toThrow("404");
    await expect(HallSession.fetch("/api/halls/other", MEDIA, "en", undrawnViewport(), signal)).rejects.toThrow(
      "Not a hall document: schema is something",
    );
    await expect(HallSession.fetch("/api/halls/none", MEDIA, "en", undrawnViewport(), signal)).rejects.toThrow("404");
  });

  it("fills with its exhibits, and names those that could not be loaded", async () => {
    const hall = walkable(
      {
        jar: placed("object", [0, 0, 0], { asset: "jar" }),
        lost: placed("object", [2, 0, 0], { asset: "lost" }),
      },
      { assets: { jar: exhibitAsset("jar"), lost: exhibitAsset("lost") } },
    );
    const session = await openSession(hall, {
      answers: { [`${MEDIA}jar`]: glb(block(-0.25, 0, -0.25, 0.25, 0.5, 0.25)) },
    });
    await vi.waitFor(() => expect(session.hall.settled).toBe(true));
    expect(session.hall.failed).toEqual(["lost"]);
    expect(session.hall.exhibits.get("jar")?.state).toBe("shown");
  });

  it("shows furniture in a room from a file: nobody walks through it, and a click goes to the floor before it", async () => {
    const furniture: Hall["furniture"] = {
      stand: { kind: "plinth", position: [0, 0, 0], facing_deg: 0, width_m: 1, depth_m: 1, height_m: 1.8 },
      case: { kind: "vitrine", position: [3, 0, 0], facing_deg: 90, width_m: 1.6, depth_m: 0.7, height_m: 0.9 },
    };
    const { hall, cameraController } = await openSession(walkable({}, { furniture }));
    const tops = hall.scene.children.map((child) => new Box3().setFromObject(child).max.y);
    expect(tops).toContainEqual(expect.closeTo(1.8, 6));
    expect(tops).toContainEqual(expect.closeTo(0.9 + GLASS_M + LID_M, 6));
    const towards = new Vector3(0, 0.6, 0.5).sub(new Vector3(0, 1.6, 4)).normalize();
    const picked = pick(hall, new Vector3(0, 1.6, 4), towards);
    expect(picked?.kind).toBe("floor");
    expect(picked?.point.distanceTo(new Vector3(0, 0, 0.5 + BODY.radius + 0.05))).toBeLessThan(1e-4);
    expect(hall.colliders.ray(new Vector3(3, 1.2, 4), new Vector3(0, 0, -1), 20)?.point.z).toBeCloseTo(-6, 5); // glass
    const ahead = { held: (...any: string[]) => any.includes("ahead"), joystick: { ahead: 0, aside: 0 } };
    for (let i = 0; i < 200; i++) cameraController?.update(0.05, ahead);
    expect(Math.abs((cameraController?.walk.body.foot.z ?? 0) - 0.5 - BODY.radius)).toBeLessThan(0.05);
  });

  it("shows no furniture beside a built room, which holds it", async () => {
    const furniture: Hall["furniture"] = {
      stand: { kind: "plinth", position: [0, 0, 0], facing_deg: 0, width_m: 1, depth_m: 1, height_m: 1.8 },
    };
    const architecture = { asset: "room", building: { walls: {} } };
    const { hall } = await openSession(walkable({}, { furniture, architecture }));
    expect(hall.colliders.ray(new Vector3(0, 1, 4), new Vector3(0, 0, -1), 20)?.owner).toBeNull();
  });

  it("asks for the titles of halls only if a door leads to one, and does without them", async () => {
    const closed = { ...GATE };
    delete closed.hall;
    const { signal } = new AbortController();
    const alone = await openSession(walkable({}, { doors: { gate: closed } }));
    const asked = serve({ "/api/halls": { halls: [{ slug: "tea", title: text("Tea") }] } });
    await alone.fetchHallTitles(signal);
    expect(asked).toEqual([]);
    const linked = await openSession(walkable({}, { doors: { gate: GATE } }));
    serve({ "/api/halls": { halls: [{ slug: "tea", title: text("Tea") }] } });
    await linked.fetchHallTitles(signal);
    expect(linked.hallTitles?.get("tea")).toEqual(text("Tea"));
    serve({});
    await linked.fetchHallTitles(signal);
    expect(linked.hallTitles).toBeNull();
  });
});
