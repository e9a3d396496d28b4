import { Vector3 } from "three";
import type { Doors } from "../../core/doors.ts";
import { facingDirection } from "../../core/rectangle.ts";
import type { Door, Vec3, View } from "../../document/schema.ts";
import type { Studio } from "../context.ts";
import { pathOf, svg } from "../overlay.ts";
import type { HallList } from "./hall-list.ts";
import { directText } from "./i18n.ts";

const AWAY_M = 3.4; // from a door to whoever looks at it
const EYE_M = 1.6;

/** The hall's doors in the picture: their signs as visitors read them, and an outline around the chosen one. */
export class DoorsShown {
  readonly element = svg("svg", { class: "st-overlay", "aria-hidden": "true" });
  readonly #studio: Studio;
  readonly #halls: HallList;
  readonly #outline = svg("path", { class: "st-door" });
  #written: Doors | null = null;

  constructor(studio: Studio, halls: HallList) {
    this.#studio = studio;
    this.#halls = halls;
    this.element.append(this.#outline);
    const { scene, session } = studio;
    scene.hall.changed.on(() => this.#write());
    scene.drawn.on(() => this.#draw());
    halls.changed.on(() => {
      this.#written = null;
      this.#write();
      scene.invalidate();
    });
    if (Object.keys(session.document.doors ?? {}).length > 0) void halls.load();
  }

  #write(): void {
    const { scene, lang } = this.#studio;
    const { doors } = scene.hall;
    if (!doors || doors === this.#written) return;
    this.#written = doors;
    doors.write(lang, this.#halls.titles, directText(lang, "doorShutSign"));
  }

  #draw(): void {
    const { scene, selection, session } = this.#studio;
    const { single } = selection;
    const door = single?.kind === "door" ? session.document.doors?.[single.id] : undefined;
    this.#outline.setAttribute("d", door ? pathOf(scene, cornersOf(door), true) : "");
  }
}

/** From inside the hall, straight at a door. */
export function viewOfDoor({ position, facing_deg, height_m }: Door): View {
  const front = facingDirection(facing_deg);
  const [x, y, z] = position;
  const target: Vec3 = [x, y + height_m / 2, z];
  return { position: [x + AWAY_M * front.x, y + EYE_M, z + AWAY_M * front.z], target };
}

function cornersOf({ position, facing_deg, width_m, height_m }: Door): Vector3[] {
  const front = facingDirection(facing_deg);
  const side = new Vector3(front.z, 0, -front.x).multiplyScalar(width_m / 2);
  const foot = new Vector3(...position);
  const top = foot.clone().setY(foot.y + height_m);
  return [foot.clone().add(side), top.clone().add(side), top.clone().sub(side), foot.clone().sub(side)];
}
