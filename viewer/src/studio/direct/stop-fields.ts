import { changeStop, narrateStop, pointStop, saveStopView } from "../../document/commands/story.ts";
import { noteIds } from "../../document/order.ts";
import type { Stop } from "../../document/schema.ts";
import { localized } from "../../document/text.ts";
import { readingSeconds } from "../../tour/tour-clock.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { button, type Field, iconButton, section } from "../fields.ts";
import { glyph } from "../glyphs.ts";
import { studioText } from "../i18n.ts";
import { boundText, set } from "../inspector-text.ts";
import { exhibitName, subjectTitle } from "./coverage.ts";
import { directText } from "./i18n.ts";
import { type LibraryAsset, LibraryChoice } from "./library-choice.ts";
import { optionalNumber } from "./optional-number.ts";
import type { StripActions } from "./tour-strip.ts";
import type { VisitorCamera } from "./visitor-camera.ts";

export interface StopActions extends Pick<StripActions, "choose" | "duplicate" | "remove"> {
  playFrom(stop: string): void;
  toTour(): void;
}

/** The fields of a tour's stop: words, exhibit, view, recordings, time. */
export function stopFields(
  studio: Studio,
  camera: VisitorCamera,
  library: () => readonly LibraryAsset[],
  actions: StopActions,
  tour: string,
  id: string,
): readonly Field[] {
  const { lang, session } = studio;
  const stop = (): Stop | undefined => session.document.tours?.[tour]?.stops[id];
  return [
    head(studio, actions, tour, id),
    boundText(studio, ["tours", tour, "stops", id, "caption"], directText(lang, "caption"), 5),
    subject(studio, tour, id, stop),
    view(studio, camera, actions, tour, id, stop),
    narration(studio, library, tour, id, stop),
    stay(studio, tour, id, stop),
    {
      element: h(
        "footer.st-ends",
        {},
        button(studioText(lang, "duplicate"), () => actions.duplicate(id), { glyph: "copy" }),
        button(studioText(lang, "remove"), () => actions.remove(id), { glyph: "bin", danger: true }),
      ),
      refresh: () => {},
    },
  ];
}

function head(studio: Studio, actions: StopActions, tour: string, id: string): Field {
  const { lang, session } = studio;
  const title = h("h2", {});
  const facts = h("p.st-facts", {});
  const back = h("button.st-button.st-quiet.st-up", { type: "button", onclick: () => actions.toTour() }, glyph("back"));
  const name = h("span", {});
  back.append(name);
  const element = h(
    "header.st-head.st-stop-head",
    {},
    back,
    h("div", {}, facts, title),
    iconButton(directText(lang, "playHere"), "play", () => actions.playFrom(id)),
  );
  return {
    element,
    refresh: () => {
      const hall = session.document;
      const { title: tourTitle, stops, stop_order = [] } = hall.tours?.[tour] ?? {};
      const stop = stops?.[id];
      set(name, localized(tourTitle, lang) || studioText(lang, "untitled"));
      set(facts, directText(lang, "stopOf", { number: stop_order.indexOf(id) + 1, count: stop_order.length }));
      set(title, (stop && subjectTitle(hall, stop, lang)) || directText(lang, "hallView"));
    },
  };
}

/** The exhibit or note, from one list. */
function subject(studio: Studio, tour: string, id: string, stop: () => Stop | undefined): Field {
  const { lang, session } = studio;
  const name = directText(lang, "about");
  const choice = h("select.st-select", { "aria-label": name });
  choice.addEventListener("change", () => {
    const [kind, about] = choice.value.split(" ");
    const to = about === undefined ? {} : { [kind as "placement" | "note"]: about };
    session.edit("change-stop", pointStop(session.document, tour, id, to));
  });
  return {
    element: section(name, choice),
    refresh: () => {
      const hall = session.document;
      const exhibits = hall.placement_order.map(
        (each) => [`placement ${each}`, exhibitName(hall, each, lang)] as const,
      );
      const notes = [null, ...hall.placement_order].flatMap((owner) =>
        noteIds(hall, owner).map((note) => [`note ${note}`, subjectTitle(hall, { note }, lang)] as const),
      );
      const key = JSON.stringify([exhibits, notes]);
      if (choice.dataset.shown !== key) {
        choice.dataset.shown = key;
        const options = (list: readonly (readonly [string, string])[]) =>
          list.map(([value, said]) => h("option", { value }, said));
        choice.replaceChildren(
          h("option", { value: "" }, directText(lang, "aboutNothing")),
          h("optgroup", { label: directText(lang, "exhibits") }, ...options(exhibits)),
          ...(notes.length > 0 ? [h("optgroup", { label: directText(lang, "notes") }, ...options(notes))] : []),
        );
      }
      const { placement, note } = stop() ?? {};
      choice.value = note !== undefined ? `note ${note}` : placement !== undefined ? `placement ${placement}` : "";
    },
  };
}

function view(
  studio: Studio,
  camera: VisitorCamera,
  actions: StopActions,
  tour: string,
  id: string,
  stop: () => Stop | undefined,
): Field {
  const { lang, session, announce } = studio;
  const said = h("p.st-facts", {});
  const again = button(
    directText(lang, "lookAgain"),
    () => {
      const seen = camera.lookedAt?.view;
      if (!seen) return;
      session.edit("save-stop-view", saveStopView(session.document, tour, id, seen));
      announce(directText(lang, "lookedAgain"));
    },
    { glyph: "eye" },
  );
  const go = button(directText(lang, "goToStop"), () => actions.choose(id), { glyph: "fit" });
  return {
    element: section(directText(lang, "view"), said, h("div.st-row-of-buttons", {}, again, go)),
    refresh: () => set(said, directText(lang, stop()?.view ? "viewOwn" : "viewOfSubject")),
  };
}

function narration(
  studio: Studio,
  library: () => readonly LibraryAsset[],
  tour: string,
  id: string,
  stop: () => Stop | undefined,
): Field {
  const { lang, session, root } = studio;
  const parts = (["zh", "en"] as const).map((tongue) => {
    const name = `${directText(lang, "narration")} · ${studioText(lang, tongue)}`;
    const none = directText(lang, "narrationNone");
    const choice = new LibraryChoice(
      name,
      none,
      lang,
      library,
      ({ kind }) => kind === "audio",
      (chosen) => session.edit("change-stop", narrateStop(session.document, tour, id, tongue, chosen)),
    );
    const player = h("audio.st-audio", { controls: true, preload: "none", "aria-label": name });
    const element = h("div.st-field", {}, h("span.st-name", {}, studioText(lang, tongue)), choice.element, player);
    const refresh = () => {
      const asset = stop()?.narration?.[tongue];
      choice.refresh(session.document, asset);
      const file = asset === undefined ? undefined : session.document.assets[asset]?.files.audio;
      const src = file ? `${root}media/${file.sha256}` : "";
      player.hidden = src === "";
      if ((player.getAttribute("src") ?? "") === src) return;
      if (src) player.src = src;
      else player.removeAttribute("src");
    };
    return { choice, element, refresh };
  });
  const empty = h("p.st-hint", {}, directText(lang, "narrationEmpty"));
  return {
    element: section(directText(lang, "narration"), empty, ...parts.map(({ element }) => element)),
    refresh: () => {
      for (const { refresh } of parts) refresh();
      empty.hidden = !parts.every(({ choice }) => choice.isEmpty);
      for (const { element, choice } of parts) element.hidden = choice.isEmpty;
    },
  };
}

/** How long the tour stays; empty: by itself. */
function stay({ lang, session }: Studio, tour: string, id: string, stop: () => Stop | undefined): Field {
  const auto = () => Math.round(readingSeconds(localized(stop()?.caption, lang)));
  const field = optionalNumber({
    name: directText(lang, "stay"),
    unit: directText(lang, "stayUnit"),
    min: 1,
    placeholder: () => directText(lang, "stayAuto", { seconds: auto() }),
    read: () => stop()?.seconds,
    accepts: (seconds) => seconds > 0,
    write: (seconds, group) =>
      session.edit("change-stop", changeStop(session.document, tour, id, { seconds } as Partial<Stop>), group),
  });
  const hint = h("p.st-hint", {}, directText(lang, "stayHint"));
  return { element: h("section.st-section", {}, field.element, hint), refresh: field.refresh };
}
