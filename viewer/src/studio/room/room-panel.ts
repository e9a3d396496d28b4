import { Vector3 } from "three";
import { Signal } from "../../core/signal.ts";
import { canonical, equal } from "../../document/changes.ts";
import { changeBuilding, lostDoors, type RoomFacts } from "../../document/commands/room.ts";
import { round } from "../../document/rounding.ts";
import type { Building, TemplateBuilding } from "../../document/schema.ts";
import { localized } from "../../document/text.ts";
import type { Actions } from "../actions.ts";
import type { Studio } from "../context.ts";
import { groundBelow } from "../drag.ts";
import { studioText } from "../i18n.ts";
import { furnitureName } from "./i18n.ts";
import { Latest } from "./latest.ts";
import { LostDoors } from "./lost-doors.ts";
import { problemOf, type RoomApi, type TemplateOffer } from "./room-api.ts";
import type { RoomView } from "./room-view.ts";

const SLACK_M = 0.05; // beyond the room's box
const KEPT_FACTS = 8;

interface Wish {
  readonly building: Building;
  readonly group: string;
}

/** The hall's building: what can be chosen of it, and its changes, which need facts of the server first. */
export class RoomPanel {
  /** What can be chosen has come, a change is under way or done, or another room is shown. */
  readonly changed = new Signal<void>();
  readonly view: RoomView;
  readonly question: LostDoors;
  readonly #studio: Studio;
  readonly #actions: Actions;
  readonly #api: RoomApi;
  readonly #wishes: Latest<Wish>;
  readonly #facts = new Map<string, RoomFacts>();
  #templates: Readonly<Record<string, TemplateOffer>> = {};
  #wish: Wish | null = null;
  #look = false;
  #problem = "";

  constructor(studio: Studio, actions: Actions, api: RoomApi, view: RoomView) {
    this.#studio = studio;
    this.#actions = actions;
    this.#api = api;
    this.view = view;
    this.question = new LostDoors(studio.lang);
    this.#wishes = new Latest((wish) => this.#change(wish));
    view.changed.on(() => this.#viewed());
  }

  /** Fetches what can be chosen. Never rejects. */
  async open(): Promise<void> {
    const fail = (error: unknown) => {
      this.#problem = problemOf(error);
    };
    await this.#api.templates().then((templates) => {
      this.#templates = templates;
    }, fail);
    this.changed.emit();
  }

  get templates(): Readonly<Record<string, TemplateOffer>> {
    return this.#templates;
  }

  /** The building as it is going to be. */
  get building(): Building | undefined {
    return this.#wish?.building ?? this.#studio.session.document.architecture.building;
  }

  /** Whether a change waits for the server. */
  get isChanging(): boolean {
    return this.#wish !== null;
  }

  /** What went wrong; empty if nothing did. */
  get problem(): string {
    return this.#problem || this.view.problem;
  }

  /** A size of the template; undefined if the hall has no template or this one has no such size. */
  size(name: string): number | undefined {
    const { building } = this;
    if (!isTemplate(building)) return undefined;
    const offered = this.#templates[building.template]?.sizes.find((size) => size.name === name);
    return building.sizes?.[name] ?? offered?.default;
  }

  /** Changes a size; the template's own is left out. Changes of one group are one step to undo. */
  resize(name: string, value: number, group: string): void {
    const { building } = this;
    const offered =
      isTemplate(building) && this.#templates[building.template]?.sizes.find((size) => size.name === name);
    if (!isTemplate(building) || !offered) return;
    const { least, step } = offered;
    const exact = round(least + Math.round((value - least) / step) * step, 6); // one that can be built
    if (exact === this.size(name)) return;
    const { [name]: _, ...others } = building.sizes ?? {};
    const sizes = exact === offered.default ? others : { ...others, [name]: exact };
    const { template } = building;
    this.change(Object.keys(sizes).length > 0 ? { template, sizes } : { template }, group);
  }

  /** `look`: the camera then shows the whole room. */
  change(building: Building, group: string, look = false): void {
    this.#look ||= look;
    this.#wish = { building, group };
    this.#problem = "";
    this.#wishes.request(this.#wish);
    this.changed.emit();
  }

  /** The names of what is outside of the room that is sketched, or has no floor below it. */
  get outside(): readonly string[] {
    const { session, scene, lang } = this.#studio;
    const room = this.view.sketched?.clone().expandByScalar(SLACK_M);
    if (!room) return [];
    const { placements, placement_order, furniture = {} } = session.document;
    const isOutside = (kind: "placement" | "furniture", id: string) => {
      const box = scene.shapeOf({ kind, id })?.box;
      if (!box) return false;
      const middle = box.getCenter(new Vector3());
      return !room.containsBox(box) || !groundBelow(scene.hall.colliders, middle, 0.1);
    };
    return [
      ...placement_order
        .filter((id) => isOutside("placement", id))
        .map((id) => localized(placements[id]?.title, lang) || studioText(lang, "untitled")),
      ...Object.entries(furniture)
        .filter(([id]) => isOutside("furniture", id))
        .map(([id, piece]) => furnitureName(id, piece, lang)),
    ];
  }

  /** Never rejects. */
  async #change(wish: Wish): Promise<void> {
    const { session } = this.#studio;
    const present = session.document.architecture.building;
    try {
      const [facts, before] = await Promise.all([
        this.#factsOf(wish.building),
        present ? this.#factsOf(present) : null,
      ]);
      const hall = session.document;
      // If someone has changed or undone it meanwhile, that stays.
      const isSame = () => equal(session.document.architecture.building, present);
      const lost = lostDoors(hall, facts, before).map(([id, { title }]) => localized(title, this.#studio.lang) || id);
      if (isSame() && (lost.length === 0 || (await this.question.ask(lost))) && isSame())
        this.#actions.edit(
          "change-building",
          changeBuilding(session.document, wish.building, facts, before),
          wish.group,
        );
    } catch (error) {
      this.#problem = problemOf(error);
    }
    if (this.#wish === wish) this.#wish = null;
    this.changed.emit();
  }

  #viewed(): void {
    if (this.#look && this.view.sketched) {
      this.#look = false;
      this.#studio.scene.look("inside");
    }
    this.changed.emit();
  }

  async #factsOf(building: Building): Promise<RoomFacts> {
    const key = canonical(building);
    const known = this.#facts.get(key);
    if (known) return known;
    const facts = await this.#api.facts(building);
    this.#facts.set(key, facts);
    for (const old of [...this.#facts.keys()].slice(0, -KEPT_FACTS)) this.#facts.delete(old);
    return facts;
  }
}

export function isTemplate(building: Building | undefined): building is TemplateBuilding {
  return building !== undefined && "template" in building;
}
