// @vitest-environment jsdom
import { expect, it, vi } from "vitest";
import { Player } from "../src/ui/player.ts";

it("a recording that was put away is paused, and keeps neither its file nor its captions", () => {
  const pause = vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(() => {});
  const load = vi.spyOn(HTMLMediaElement.prototype, "load").mockImplementation(() => {});
  const shown = vi.fn();
  const player = new Player(shown);
  const captions = { zh: "/media/zh", en: "/media/en" };
  const film = { kind: "video", src: "/media/film", poster: "/media/still", captions } as const;
  const [video] = player.show(film, "zh") as [HTMLVideoElement];
  expect([...video.querySelectorAll("track")].map(({ src }) => new URL(src).pathname)).toEqual([
    "/media/zh",
    "/media/en",
  ]);
  expect(player.show(film, "en")[0]).toBe(video); // it goes on in the other language
  expect(pause).not.toHaveBeenCalled();
  player.stop();
  expect(pause.mock.contexts).toEqual([video]);
  expect(load.mock.contexts).toEqual([video]);
  expect(shown.mock.calls).toEqual([[null]]);
  expect(video.hasAttribute("src")).toBe(false);
  expect(video.childNodes).toHaveLength(0);
});
