import { HemisphereLight, Mesh, MeshBasicMaterial, MeshStandardMaterial, Texture, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { Lighting } from "../src/core/light.ts";
import { zoneAt } from "../src/document/zones.ts";
import { cues } from "../src/ui/player.ts";
import { hallOf, text } from "./halls.ts";

describe("zones", () => {
  const hall = hallOf(
    {},
    {
      zones: {
        hall: { title: text("All"), min: [-5, 0, -5], max: [5, 4, 5] },
        fire: { title: text("By the fire"), min: [-1, 0, -1], max: [1, 3, 1], ambient: 0.4 },
      },
    },
  );

  it("are where one is; the smallest of those within one another", () => {
    expect(zoneAt(hall, new Vector3(3, 1.6, 0))?.id).toBe("hall");
    expect(zoneAt(hall, new Vector3(0.5, 1.6, 0.5))?.id).toBe("fire");
    expect(zoneAt(hall, new Vector3(0.5, 3.5, 0.5))?.id).toBe("hall");
    expect(zoneAt(hall, new Vector3(6, 1.6, 0))).toBeNull();
    expect(zoneAt(hallOf({}), new Vector3())).toBeNull();
  });

  it("have a light of their own, to which the room's baked light goes along, and back", () => {
    const painted = new MeshBasicMaterial();
    const baked = new MeshStandardMaterial({ lightMap: new Texture(), lightMapIntensity: 3 });
    const lighting = new Lighting();
    lighting.set(undefined);
    const sky = lighting.lamps.find((lamp) => lamp instanceof HemisphereLight) as HemisphereLight;
    const room = new Mesh(undefined, painted).add(new Mesh(undefined, baked));
    lighting.follow(room);
    expect(lighting.update(0.016, false)).toBe(false);
    lighting.goal = 0.6;
    let frames = 0;
    let before = sky.intensity;
    while (lighting.update(0.016, false)) {
      expect(sky.intensity).toBeLessThan(before);
      before = sky.intensity;
      if (++frames > 1000) expect.fail("never at rest");
    }
    expect(frames).toBeGreaterThan(20);
    expect([sky.intensity, painted.color.r, baked.lightMapIntensity]).toEqual([0.6, 0.5, 1.5]);
    lighting.goal = null;
    lighting.update(0.016, true); // at once for who asked for calm
    expect([sky.intensity, painted.color.r, baked.lightMapIntensity]).toEqual([1.2, 1, 3]);
  });
});

describe("a transcript", () => {
  it("is what a WebVTT file's cues say", () => {
    const vtt =
      "WEBVTT - a title\r\n\r\nNOTE of the writer\r\n\r\n1\r\n00:01.000 --> 00:02.000 line:80%\r\n<v 窑工>点火<b>了</b>。\r\n\r\n" +
      "00:02.000 --> 00:04.000\r\nThe fire\r\nclimbs.\r\n\r\n00:04.000 --> 00:05.000\r\n\r\n";
    expect(cues(vtt)).toEqual(["点火了。", "The fire climbs."]);
    expect(cues("")).toEqual([]);
  });
});
