import type { Exhibit } from "../../core/exhibit.ts";
import { poseOfView } from "../../core/view.ts";
import type { Hall, Stop } from "../../document/schema.ts";
import { stopView } from "../../navigation/viewpoints.ts";
import type { StudioScene } from "../studio-scene.ts";

const WIDTH = 264; // twice the size at which it is shown
const HEIGHT = 165;
const WHOLE = { aspect: WIDTH / HEIGHT, share: 1 };
const SETTLED_MS = 400; // without another change of what stands in the hall

interface Wanted {
  readonly holder: HTMLElement;
  readonly stop: Stop;
}

/** Small pictures of what visitors see at a stop, drawn by the scene, and drawn again when what is in the hall changes. */
export class StopPictures {
  readonly #scene: StudioScene;
  readonly #drawn = new Map<string, { readonly picture: HTMLCanvasElement; readonly age: number }>();
  #wanted: readonly Wanted[] = [];
  #age = 0; // of the scene: grows with every change of what is seen there
  #settled = 0; // its age when it last stayed as it was for a while
  #document: Hall;
  #timer = 0;
  #drawing = false;

  constructor(scene: StudioScene) {
    this.#scene = scene;
    this.#document = scene.hall.document;
    scene.hall.changed.on((exhibit) => this.#follow(exhibit));
  }

  /** Shows these stops in their elements from now on. */
  show(wanted: readonly Wanted[]): void {
    this.#wanted = wanted;
    const kept = new Set(wanted.map(({ stop }) => keyOf(stop)));
    for (const key of this.#drawn.keys()) if (!kept.has(key)) this.#drawn.delete(key);
    for (const { holder, stop } of wanted) put(holder, this.#drawn.get(keyOf(stop))?.picture);
    void this.#draw();
  }

  #follow(exhibit: Exhibit | null): void {
    const [before, next] = [this.#document, this.#scene.hall.document];
    this.#document = next;
    if (exhibit === null && before !== next && !isSeen(before, next)) return;
    this.#age++;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#settled = this.#age;
      void this.#draw();
    }, SETTLED_MS) as unknown as number;
  }

  /** Draws what is missing, then what has changed since it was drawn. */
  async #draw(): Promise<void> {
    if (this.#drawing) return;
    this.#drawing = true;
    for (let next = this.#next(); next; next = this.#next()) {
      const { stop } = next;
      const { hall } = this.#scene;
      const age = this.#age;
      const { pose } = stopView(stop, hall, poseOfView(hall.document.start).eye, WHOLE);
      const picture = await this.#scene.picture(pose, WIDTH, HEIGHT);
      this.#drawn.set(keyOf(stop), { picture, age });
      for (const { holder, stop: other } of this.#wanted) if (keyOf(other) === keyOf(stop)) put(holder, picture);
    }
    this.#drawing = false;
  }

  #next(): Wanted | undefined {
    const ageOf = ({ stop }: Wanted) => this.#drawn.get(keyOf(stop))?.age;
    return (
      this.#wanted.find((each) => ageOf(each) === undefined) ??
      this.#wanted.find((each) => (ageOf(each) as number) < this.#settled)
    );
  }
}

/** What decides how a stop looks. */
function keyOf({ view, placement, note }: Stop): string {
  return JSON.stringify([view, placement, note]);
}

/** Whether two documents look different in the scene. */
function isSeen(before: Hall, next: Hall): boolean {
  const parts = ["placements", "notes", "light", "doors", "timeline", "anchors", "start", "furniture"] as const;
  return parts.some((part) => before[part] !== next[part]);
}

function put(holder: HTMLElement, picture: HTMLCanvasElement | undefined): void {
  if (!picture) return;
  let canvas = holder.querySelector("canvas");
  if (!canvas) {
    canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    holder.replaceChildren(canvas);
  }
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
}
