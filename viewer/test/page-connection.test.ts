import { JSDOM } from "jsdom";
import { expect, it } from "vitest";
import { writeText } from "../src/document/commands/texts.ts";
import { EditSession } from "../src/studio/edit-session.ts";
import { connectToPage } from "../src/studio/page-connection.ts";
import { hallOf } from "./halls.ts";
import { MemoryArchive, MemoryStore, StudioServer } from "./studio-server.ts";
import { Channels, Page, VirtualTime } from "./virtual-time.ts";

it("a session hears of its page until the connection ends", async () => {
  const time = new VirtualTime();
  const server = new StudioServer(hallOf({}));
  const page = new Page(time);
  const { window } = new JSDOM("", { pretendToBeVisual: true });
  let requests = 0;
  let down = false;
  const session = await time.until(
    EditSession.open({
      url: "/api/halls/kiln",
      token: "t",
      owner: "1/kiln",
      store: new MemoryStore(),
      archive: new MemoryArchive(),
      clock: page,
      channel: () => new Channels().of(page),
      uuid: () => "00000000-0000-4000-8000-000000000001",
      fetch: async (url, init) => {
        requests += 1;
        if (down) throw new TypeError("no network");
        return server.fetch(url, init);
      },
    }),
  );
  const disconnect = connectToPage(session, window as never);
  /** How many requests there are within a moment. */
  const during = async (happen: () => void, ms = 100): Promise<number> => {
    const before = requests;
    happen();
    await time.pass(ms);
    return requests - before;
  };
  down = true;
  session.edit("write-title", writeText(session.document, ["title"], "en", "Kiln"));
  await time.pass(100_000);
  down = false;
  expect(await during(() => window.dispatchEvent(new window.Event("online")))).toBe(1);
  expect(server.document.title.en).toBe("Kiln");
  expect(await during(() => window.document.dispatchEvent(new window.Event("visibilitychange")))).toBe(1);
  disconnect();
  expect(await during(() => window.dispatchEvent(new window.Event("online")))).toBe(0);
  connectToPage(session, window as never);
  expect(await during(() => window.dispatchEvent(new window.Event("pagehide")), 60_000)).toBe(0);
});
