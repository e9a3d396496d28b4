import { Kiosk } from "./page/kiosk.ts";
import { OfflineControls } from "./page/offline-controls.ts";
import { rootOf } from "./page/root.ts";
import { wireSettings } from "./page/settings-dialog.ts";
import { share } from "./ui/share.ts";

/** The functions of every public page: settings, sharing, offline use, the public screen. The server has rendered the texts. */

const root = document.documentElement;
const find = <T extends HTMLElement>(id: string) => document.getElementById(id) as T | null;

/** Shows a message at the foot of the screen, even above a visit. */
function toast(text: string | undefined, stays = false): void {
  const element = find("toast");
  if (!element || !text) return;
  element.textContent = text;
  if (element.matches(":popover-open")) element.hidePopover(); // a popover that is opened again lies above everything else
  element.showPopover();
  clearTimeout(Number(element.dataset.timer));
  if (!stays) element.dataset.timer = String(setTimeout(() => element.hidePopover(), 4000));
}

function wireSharing(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-share]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const url = new URL(location.href);
      url.hash = button.dataset.share ?? "";
      const done = await share(document.title, url.href);
      if (done !== "shared") toast(done === "copied" ? find("toast")?.dataset.copied : url.href);
    });
  }
}

/** Shows a message when the connection is lost, and when it is back. */
function watchConnection(): void {
  const words = find("toast")?.dataset;
  addEventListener("offline", () => {
    root.dataset.offline = "";
    toast(words?.offline, true);
  });
  addEventListener("online", () => {
    delete root.dataset.offline;
    toast(words?.online);
  });
  if (!navigator.onLine) root.dataset.offline = "";
}

async function prepareOffline(): Promise<void> {
  if (!("serviceWorker" in navigator) || !("caches" in globalThis)) return;
  const { active } = await navigator.serviceWorker
    .register(`${rootOf(root)}service-worker.js`)
    .then(() => navigator.serviceWorker.ready);
  active?.postMessage({ language: root.lang.slice(0, 2) });
  const element = find("keep");
  if (element) await new OfflineControls(element).start();
}

/** Shows the texts of the page in the language that the visit was switched to. */
function followLanguage(event: Event): void {
  const { lang } = (event as CustomEvent<{ lang: "zh" | "en" }>).detail;
  for (const element of document.querySelectorAll<HTMLElement>("[data-zh][data-en]"))
    element.textContent = element.dataset[lang] ?? "";
}

const settings = find<HTMLDialogElement>("settings");
const settingsButton = find<HTMLButtonElement>("settings-button");
if (settings && settingsButton) wireSettings(settings, settingsButton);
addEventListener("language-change", followLanguage);
const kiosk = find<HTMLDialogElement>("kiosk");
if (kiosk) new Kiosk(kiosk, Number(root.dataset.kiosk));
else {
  wireSharing();
  watchConnection();
  void prepareOffline();
}
