import type { EditSession } from "./edit-session.ts";

/** Tells a session what happens to its page. Returns the function that stops it. */
export function connectToPage(session: EditSession, page: Window & typeof globalThis): () => void {
  const listening = new page.AbortController();
  const { signal } = listening;
  page.addEventListener("online", () => session.retry(), { signal });
  page.document.addEventListener("visibilitychange", () => session.show(page.document.visibilityState === "visible"), {
    signal,
  });
  page.addEventListener("pagehide", () => session.close(), { signal });
  // A page that comes back from the browser's memory has a session that has ended.
  page.addEventListener("pageshow", ({ persisted }) => persisted && page.location.reload(), { signal });
  return () => listening.abort();
}
