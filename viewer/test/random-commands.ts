import { groupPlacements, ungroupPlacements } from "../src/document/commands/groups.ts";
import { changeBackground, changeLight } from "../src/document/commands/hall.ts";
import type { CommandName } from "../src/document/commands/names.ts";
import { addNote, attachNote, citeSources, moveNote, removeNotes } from "../src/document/commands/notes.ts";
import { reorder } from "../src/document/commands/order.ts";
import {
  duplicatePlacements,
  lockPlacements,
  movePlacements,
  placePlacement,
  putPlacement,
  removePlacements,
  scalePlacement,
  turnPlacement,
} from "../src/document/commands/placements.ts";
import {
  addChapter,
  addMilestone,
  addSource,
  addStop,
  addTour,
  addZone,
  arrangeChapter,
  changeStop,
  changeThing,
  moveStop,
  removeStop,
  removeThing,
} from "../src/document/commands/story.ts";
import { writeText } from "../src/document/commands/texts.ts";
import type { Hall, Text, Vec3 } from "../src/document/schema.ts";
import { hallOf, model, placed, text } from "./halls.ts";
import type { Randomness } from "./randomness.ts";

/** A small hall with a story. Ids begin with a letter that says whose they are, where two editors keep apart. */
export function storyHall(): Hall {
  const assets: Hall["assets"] = { room: model(20, 5, 20) };
  for (const whose of ["a", "b"]) assets[`${whose}-pot`] = model(0.3, 0.5);
  const pot = (whose: string, x: number) =>
    placed("object", [x, 0, 0], { asset: `${whose}-pot`, title: text(`${whose} pot`), sources: [`${whose}-book`] });
  const note = (placement: string) => ({
    title: text(placement),
    body: text("<p>…</p>"),
    anchor: [0, 1, 0] as Vec3,
    placement,
  });
  return hallOf(
    { "a-one": pot("a", 0), "b-one": pot("b", 2), "a-two": pot("a", 4), "b-two": pot("b", 6) },
    {
      assets,
      notes: { "a-note": note("a-one"), "b-note": note("b-one") },
      note_order: ["a-note", "b-note"],
      chapters: {
        "a-part": { title: text("a part"), placements: ["a-one", "a-two"] },
        "b-part": { title: text("b part"), placements: ["b-two"] },
      },
      chapter_order: ["a-part", "b-part"],
      timeline: {
        title: text("Years"),
        milestones: {
          "a-year": { year: 960, title: text("a"), placement: "a-one" },
          "b-year": { year: 1368, title: text("b") },
        },
      },
      tours: {
        "a-tour": {
          title: text("a tour"),
          stops: { stop: { placement: "a-one", caption: text("Look") } },
          stop_order: ["stop"],
        },
        "b-tour": {
          title: text("b tour"),
          stops: { stop: { note: "b-note", caption: text("Look") } },
          stop_order: ["stop"],
        },
      },
      tour_order: ["a-tour", "b-tour"],
      sources: { "a-book": { title: text("a book") }, "b-book": { title: text("b book") } },
    },
  );
}

export interface RandomEdit {
  readonly name: CommandName;
  readonly next: Hall;
}

/** What one editor might do next. `whose`: the letter that this editor keeps to, or any of "ab". */
export function randomEdit(random: Randomness, hall: Hall, whose: string): RandomEdit {
  for (;;) {
    const [name, command] = random.of(COMMANDS) as (typeof COMMANDS)[number];
    const next = command(hall, new Choice(random, hall, whose));
    if (next) return { name, next };
  }
}

class Choice {
  readonly random: Randomness;
  readonly #hall: Hall;
  readonly #whose: string;

  constructor(random: Randomness, hall: Hall, whose: string) {
    this.random = random;
    this.#hall = hall;
    this.#whose = whose;
  }

  get letter(): string {
    return this.random.of([...this.#whose]) as string;
  }

  alone(): boolean {
    return this.#whose.length === 1;
  }

  ids(things: object = {}): string[] {
    return Object.keys(things).filter((id) => this.#whose.includes(id[0] as string));
  }

  id(things: object = {}): string {
    return this.random.of(this.ids(things)) ?? "";
  }

  placement(): string {
    return this.id(this.#hall.placements);
  }

  some(ids: readonly string[]): string[] {
    return ids.filter(() => this.random.chance(0.5)).sort(() => this.random.next() - 0.5);
  }

  metres(): number {
    return Math.round(this.random.next() * 1000) / 100;
  }

  point(): Vec3 {
    return [this.metres(), this.metres(), this.metres()];
  }

  words(): string {
    return this.random.chance(0.1) ? "" : `${this.letter} ${this.random.below(1000)}`;
  }

  title(): Text {
    const words = `${this.letter} ${this.random.below(30)}`;
    return { zh: words, en: words };
  }

  lang(): "zh" | "en" {
    return this.random.chance(0.5) ? "zh" : "en";
  }
}

/** null: not possible now. */
type RandomCommand = (hall: Hall, choice: Choice) => Hall | null;

const COMMANDS: readonly (readonly [CommandName, RandomCommand])[] = [
  ["put-placement", (hall, c) => put(hall, c)],
  ["duplicate-placement", (hall, c) => duplicatePlacements(hall, [c.placement()]).hall],
  ["move-placement", (hall, c) => movePlacements(hall, [c.placement(), c.placement()], c.point())],
  ["move-placement", (hall, c) => placePlacement(hall, c.placement(), c.point())],
  ["turn-placement", (hall, c) => turnPlacement(hall, c.placement(), c.random.below(360))],
  ["scale-placement", (hall, c) => scalePlacement(hall, c.placement(), 0.5 + c.random.next())],
  ["write-title", (hall, c) => writeText(hall, ["placements", c.placement(), "title"], c.lang(), `${c.words()}!`)],
  ["write-label", (hall, c) => writeText(hall, ["placements", c.placement(), "label"], c.lang(), c.words())],
  ["remove-placement", (hall, c) => removePlacements(hall, [c.placement()], c.random.chance(0.5))],
  ["reorder-placements", (hall, c) => moved(hall, c, "placement_order", hall.placements)],
  // Two editors who keep apart would give their groups the same id.
  ["group-placements", (hall, c) => (c.alone() ? null : groupPlacements(hall, c.some(c.ids(hall.placements))))],
  ["ungroup-placements", (hall, c) => (c.alone() ? null : ungroupPlacements(hall, [c.placement()]))],
  ["lock-placements", (hall, c) => lockPlacements(hall, [c.placement()], c.random.chance(0.5))],
  ["add-note", (hall, c) => addNote(hall, c.placement() || null, c.title()).hall],
  ["move-note", (hall, c) => moveNote(hall, c.id(hall.notes), c.point())],
  ["attach-note", (hall, c) => attachNote(hall, c.id(hall.notes), c.placement() || null)],
  ["write-body", (hall, c) => writeText(hall, ["notes", c.id(hall.notes), "body"], c.lang(), `<p>${c.words()}</p>`)],
  ["reorder-notes", (hall, c) => moved(hall, c, "note_order", hall.notes)],
  ["remove-note", (hall, c) => removeNotes(hall, [c.id(hall.notes)])],
  ["cite-sources", (hall, c) => citeSources(hall, ["placements", c.placement()], c.some(c.ids(hall.sources)))],
  ["cite-sources", (hall, c) => citeSources(hall, ["notes", c.id(hall.notes)], c.some(c.ids(hall.sources)))],
  ["add-chapter", (hall, c) => addChapter(hall, c.title(), c.some(c.ids(hall.placements))).hall],
  ["arrange-chapter", (hall, c) => arrangeChapter(hall, c.id(hall.chapters), c.some(c.ids(hall.placements)))],
  ["remove-chapter", (hall, c) => removeThing(hall, "chapters", c.id(hall.chapters))],
  ["reorder-chapters", (hall, c) => moved(hall, c, "chapter_order", hall.chapters)],
  [
    "add-milestone",
    (hall, c) => (hall.timeline || !c.alone() ? addMilestone(hall, c.title(), c.random.below(2000)).hall : null),
  ],
  [
    "change-milestone",
    (hall, c) =>
      changeThing(hall, "milestones", c.id(hall.timeline?.milestones), {
        chapter: c.id(hall.chapters) || undefined,
        placement: c.placement() || undefined,
      } as object),
  ],
  ["remove-milestone", (hall, c) => removeThing(hall, "milestones", c.id(hall.timeline?.milestones))],
  ["add-tour", (hall, c) => addTour(hall, c.title()).hall],
  ["add-stop", (hall, c) => addStop(hall, c.id(hall.tours), { caption: c.title() }, c.random.below(3)).hall],
  [
    "change-stop",
    (hall, c) =>
      changeStop(hall, ...stop(hall, c), {
        note: c.id(hall.notes) || undefined,
        placement: c.placement() || undefined,
      } as object),
  ],
  ["reorder-stops", (hall, c) => moveStop(hall, ...stop(hall, c), c.random.below(3))],
  ["remove-stop", (hall, c) => removeStop(hall, ...stop(hall, c))],
  ["remove-tour", (hall, c) => removeThing(hall, "tours", c.id(hall.tours))],
  ["add-zone", (hall, c) => addZone(hall, c.title()).hall],
  ["remove-zone", (hall, c) => removeThing(hall, "zones", c.id(hall.zones))],
  ["add-source", (hall, c) => addSource(hall, c.title()).hall],
  ["remove-source", (hall, c) => removeThing(hall, "sources", c.id(hall.sources))],
  ["change-light", (hall, c) => (c.letter === "a" ? changeLight(hall, { ambient: c.metres() }) : null)],
  [
    "change-background",
    (hall, c) => (c.letter === "b" ? changeBackground(hall, `#${100000 + c.random.below(899999)}`) : null),
  ],
  ["write-title", (hall, c) => writeText(hall, ["title"], c.letter === "a" ? "zh" : "en", c.words())],
];

function put(hall: Hall, c: Choice): Hall {
  const id = `${c.letter}-pot`;
  const asset = model(0.3, 0.5);
  return putPlacement(hall, { id, asset }, c.random.chance(0.7) ? { translation: c.point() } : null).hall;
}

/** A stop of a tour, by both their ids. */
function stop(hall: Hall, c: Choice): [tour: string, stop: string] {
  const tour = c.id(hall.tours);
  return [tour, c.random.of(hall.tours?.[tour]?.stop_order ?? []) ?? ""];
}

function moved(
  hall: Hall,
  c: Choice,
  order: "placement_order" | "note_order" | "chapter_order",
  things: object | undefined,
): Hall | null {
  const id = c.id(things);
  return id ? reorder(hall, order, [id], c.random.below(hall[order]?.length ?? 1)) : null;
}
