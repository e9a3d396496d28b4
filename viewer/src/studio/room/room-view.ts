import { Box3, type Object3D } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { disposeModel } from "../../core/exhibit.ts";
import { Signal } from "../../core/signal.ts";
import { canonical } from "../../document/changes.ts";
import type { Building, Hall } from "../../document/schema.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { roomText } from "./i18n.ts";
import { Latest } from "./latest.ts";
import { isAsked, problemOf, type RoomApi } from "./room-api.ts";

interface Sketch {
  /** The building that it shows, as its canonical text. */
  readonly of: string;
  readonly body: Object3D;
  readonly box: Box3;
}

/**
 * Which room the picture shows: the baked one if that is what the document says, else a sketch of the document's building in
 * rough light, and the furniture as it is now.
 */
export class RoomView {
  /** Says over the picture that its light is rough. */
  readonly element: HTMLElement;
  /** Another room is shown, or a sketch could not be made. */
  readonly changed = new Signal<void>();
  readonly #studio: Studio;
  readonly #api: RoomApi;
  readonly #sketches: Latest<Building>;
  readonly #loader = new GLTFLoader();
  /** The building and furniture that the room's model was baked from; null while that is not known. */
  #baked: string | null = null;
  #asset: string | null = null; // null until the room is open
  #sketch: Sketch | null = null;
  #shown: Sketch | null = null;
  #failed: { readonly of: string; readonly message: string } | null = null;

  constructor(studio: Studio, api: RoomApi) {
    this.#studio = studio;
    this.#api = api;
    this.element = h("p.st-rough", { hidden: true }, roomText(studio.lang, "rough"));
    studio.scene.furniture.group.visible = false; // until it is known whether the room holds it
    this.#sketches = new Latest((building) => this.#draw(building));
  }

  /** Asks whether the room's model is that of the draft. The room is loaded. */
  async open(): Promise<void> {
    const { session } = this.#studio;
    const hall = session.document;
    this.#asset = hall.architecture.asset;
    const state = isAsked(hall) ? await this.#api.state().catch(() => null) : { stale: false };
    if (hall.architecture.asset !== session.document.architecture.asset) return; // it was built meanwhile
    if (state && !state.stale) this.#baked = keyOf(hall);
    this.follow();
  }

  /** Why there is no sketch of the document's building; empty if there is one, or none is needed. */
  get problem(): string {
    const { building } = this.#studio.session.document.architecture;
    return building && this.#failed?.of === canonical(building) ? this.#failed.message : "";
  }

  /** The box of the sketch that is shown; null while another room is shown. */
  get sketched(): Box3 | null {
    return this.#shown?.box ?? null;
  }

  /** Draws the sketch, because the room is about to change. */
  prepare(): void {
    const { building } = this.#studio.session.document.architecture;
    if (building && this.#sketch?.of !== canonical(building)) this.#sketches.request(building);
  }

  /** Follows the document. */
  follow(): void {
    const { session, scene } = this.#studio;
    const hall = session.document;
    const { building, asset } = hall.architecture;
    if (this.#asset === null) return;
    if (asset !== this.#asset) {
      void this.open(); // the server has built it
      return;
    }
    const isBaked = building !== undefined && this.#baked === keyOf(hall); // a room from a file holds no furniture
    const of = building ? canonical(building) : "";
    scene.furniture.group.visible = !isBaked;
    if (isBaked || !building) this.#show(null);
    else if (this.#sketch?.of === of) this.#show(this.#sketch);
    else if (this.#failed?.of !== of) this.#sketches.request(building);
    this.element.hidden = isBaked || !building;
    scene.invalidate();
    this.changed.emit();
  }

  #show(sketch: Sketch | null): void {
    const before = this.#shown;
    if (before === sketch) return;
    const { scene } = this.#studio;
    this.#shown = sketch;
    scene.roomBox = sketch?.box ?? null;
    scene.hall.standIn(sketch?.body ?? null);
    if (before && before !== this.#sketch) disposeModel(before.body, true);
  }

  /** Never rejects. */
  async #draw(building: Building): Promise<void> {
    const of = canonical(building);
    if (this.#sketch?.of === of) return;
    try {
      const { scene: body } = await this.#loader.parseAsync(await this.#api.sketch(building), "");
      const before = this.#sketch;
      this.#sketch = { of, body, box: new Box3().setFromObject(body) };
      if (before && before !== this.#shown) disposeModel(before.body, true);
      this.#failed = null;
      this.follow();
    } catch (error) {
      this.#failed = { of, message: problemOf(error) };
      this.changed.emit();
    }
  }
}

/** What a room's model is baked from. */
function keyOf({ architecture: { building }, furniture }: Hall): string {
  return canonical({ building: building ?? null, furniture: furniture ?? {} });
}
