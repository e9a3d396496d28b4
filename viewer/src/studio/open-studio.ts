import { useHeights } from "../document/heights.ts";
import type { Lang } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import { EditSession } from "./edit-session.ts";
import { button } from "./fields.ts";
import { studioText } from "./i18n.ts";
import { connectToPage } from "./page-connection.ts";
import { StudioPage } from "./studio-page.ts";

/** Fetches the hall's draft and shows the studio in the page's shell, or what went wrong and a way to try again. */
export async function openStudio(shell: HTMLElement, root: string, lang: Lang): Promise<void> {
  const { slug = "", csrf = "", account = "", heights = "{}" } = shell.dataset;
  useHeights(JSON.parse(heights));
  const opening = h("p.st-opening", { role: "status" }, studioText(lang, "opening"));
  document.body.classList.add("st-page");
  shell.replaceChildren(opening);
  try {
    const session = await EditSession.open({
      url: `${root}api/halls/${slug}`,
      token: csrf,
      owner: `${account}/${slug}`,
    });
    connectToPage(session, window);
    const page = new StudioPage(session, root, slug, lang, csrf, account);
    shell.replaceChildren(page.element);
    shell.dispatchEvent(new CustomEvent<EditSession>("studio-open", { detail: session, bubbles: true }));
    await page.open();
  } catch (error) {
    console.warn(error);
    shell.replaceChildren(
      h(
        "div.st-failed",
        { role: "alert" },
        h("p", {}, error instanceof Error && "hint" in error ? error.message : studioText(lang, "notOpened")),
        button(studioText(lang, "tryAgain"), () => location.reload(), { primary: true }),
        h("a.st-link", { href: `${root}desk/halls/${slug}` }, studioText(lang, "forms")),
      ),
    );
  }
}
