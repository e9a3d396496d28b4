import type { Hall } from "../src/document/schema.ts";
import { EditSession } from "../src/studio/edit-session.ts";
import { MemoryStore, StudioServer } from "./studio-server.ts";
import { Channels, Page, VirtualTime } from "./virtual-time.ts";

/** A server with a hall, and a session that edits it. */
export async function openEditing(
  hall: Hall,
): Promise<{ readonly session: EditSession; readonly server: StudioServer }> {
  const time = new VirtualTime();
  const server = new StudioServer(hall);
  const page = new Page(time);
  const store = new MemoryStore();
  const channels = new Channels();
  const opening = EditSession.open({
    url: "/api/halls/kiln",
    token: "t",
    owner: "1/kiln",
    store,
    archive: store.archive,
    fetch: server.fetch,
    clock: page,
    channel: () => channels.of(page),
    uuid: () => "00000000-0000-4000-8000-000000000001",
  });
  return { session: await time.until(opening), server };
}
