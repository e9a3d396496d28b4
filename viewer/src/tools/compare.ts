import { PerspectiveCamera, Quaternion } from "three";
import type { Exhibit } from "../core/exhibit.ts";
import { said } from "../document/text.ts";
import { DEGREE } from "../core/units.ts";
import { h } from "../ui/dom.ts";
import { plain, write } from "./controls.ts";
import { formatLength, pixelAt, roundLength } from "./lengths.ts";
import { alone, halves, type Pane, paint } from "./split.ts";
import type { Bench, Tool } from "./tool.ts";
import { word } from "./words.ts";

const GAP = 2; // px between the panes
const BAR = 0.3; // of a pane's width that a scale bar may take

/** How far an eye has to be to see all of a ball of radius 1 in a picture of this aspect. */
export function reach(aspect: number, fov_deg: number, share = 1): number {
  const vertical = Math.tan((fov_deg * DEGREE) / 2) * share;
  return 1 / Math.sin(Math.atan(Math.min(vertical, vertical * aspect)));
}

/**
 * By how much the eye of each pane is farther than the visitor's own, which goes around the first thing: with `same` scale the
 * larger thing fills its pane and the other one is drawn at the same scale; else each fills its own.
 */
export function stretches(
  radii: readonly [number, number],
  scales: readonly [number, number],
  same: boolean,
): readonly [number, number] {
  if (!same) return [1, radii[1] / radii[0]];
  const largest = Math.max(radii[0] / scales[0], radii[1] / scales[1]);
  return [(largest * scales[0]) / radii[0], (largest * scales[1]) / radii[0]];
}

/** The exhibits that can stand beside this one. */
export function othersOf({ hall, exhibit }: Pick<Bench, "hall" | "exhibit">): Exhibit[] {
  return [...hall.exhibits.values()].filter(
    (other) => other !== exhibit && other.placement.kind === "object" && other.levels.length > 0 && other.body,
  );
}

/** The one whose own size is most like the exhibit's. */
function nearestInSize(exhibit: Exhibit, others: readonly Exhibit[]): Exhibit | undefined {
  const size = ({ sphere, placement }: Exhibit) => Math.log(sphere.radius / placement.scale);
  const apart = (other: Exhibit) => Math.abs(size(other) - size(exhibit));
  return [...others].sort((a, b) => apart(a) - apart(b))[0];
}

/** Another exhibit of the hall beside this one, turned together. */
export function open(bench: Bench): Tool {
  return new Compare(bench);
}

class Compare implements Tool {
  readonly controls: HTMLElement;
  readonly #bench: Bench;
  readonly #camera = new PerspectiveCamera();
  readonly #label = h("span");
  readonly #choice = h("select.ly-select");
  readonly #same: HTMLButtonElement;
  readonly #fitted: HTMLButtonElement;
  readonly #why = h("p.ly-card-text.ly-small");
  readonly #tags = [h("div.ly-pane"), h("div.ly-pane")] as const;
  #other: Exhibit;
  #sameScale = true;

  constructor(bench: Bench) {
    this.#bench = bench;
    this.#other = nearestInSize(bench.exhibit, othersOf(bench)) ?? bench.exhibit;
    this.#same = plain("same", () => this.#scale(true));
    this.#fitted = plain("fitted", () => this.#scale(false));
    this.#choice.addEventListener("change", () => {
      const other = bench.hall.exhibits.get(this.#choice.value);
      if (other) this.#take(other);
    });
    const choice = h("label.ly-choice", {}, this.#label, this.#choice);
    this.controls = h("div", {}, choice, h("div.ly-row", {}, this.#same, this.#fitted), this.#why);
  }

  start(): void {
    const { overlay, stage } = this.#bench;
    overlay.append(...this.#tags);
    stage.painter = (renderer, scene) => {
      const size = this.#bench.size;
      renderer.setScissorTest(false);
      renderer.clear();
      for (const [i, pane] of this.#panes.entries()) {
        const exhibit = this.#pair[i] as Exhibit;
        this.#aim(i, pane);
        alone(scene, [exhibit.group], () => paint(renderer, scene, this.#camera, pane, size, false));
      }
    };
    this.#take(this.#other);
  }

  stop(): void {
    this.#bench.stage.painter = null;
    this.#bench.hall.attended.clear();
    for (const tag of this.#tags) tag.remove();
  }

  write(): void {
    const { lang } = this.#bench;
    const others = othersOf(this.#bench);
    this.#label.textContent = word(lang, "compareWith");
    this.#choice.replaceChildren(
      ...others.map((other) =>
        h("option", { value: other.id, selected: other === this.#other }, said(other.placement.title, lang)),
      ),
    );
    const scaled = this.#scaled;
    write(this.#same, word(lang, "compareSame"), undefined, scaled && this.#sameScale);
    write(this.#fitted, word(lang, "compareFitted"), undefined, !(scaled && this.#sameScale));
    this.#same.disabled = !scaled;
    this.#why.hidden = scaled;
    this.#why.textContent = word(lang, "compareUnscaled");
    this.#bench.fit();
    this.#bench.draw();
  }

  drawn(): void {
    for (const [i, pane] of this.#panes.entries()) {
      const tag = this.#tags[i] as HTMLElement;
      const exhibit = this.#pair[i] as Exhibit;
      tag.style.transform = `translate(${pane.x}px, ${pane.y}px)`;
      tag.style.width = `${pane.width}px`;
      tag.style.height = `${pane.height}px`;
      this.#aim(i, pane);
      const distance = this.#camera.position.distanceTo(exhibit.sphere.center);
      const metre = exhibit.asset?.unit === "metre";
      const pixel = pixelAt(distance, this.#camera.fov, pane.height) / exhibit.placement.scale;
      const length = roundLength(pixel * pane.width * BAR);
      const bar = h("span.ly-bar-scale", {}, formatLength(length, length / 5));
      bar.style.width = `${length / pixel}px`;
      tag.replaceChildren(h("b", {}, said(exhibit.placement.title, this.#bench.lang)), ...(metre ? [bar] : []));
    }
  }

  get #pair(): readonly [Exhibit, Exhibit] {
    return [this.#bench.exhibit, this.#other];
  }

  get #panes(): readonly [Pane, Pane] {
    return halves(this.#bench.free, GAP);
  }

  /** Both have a size of their own. */
  get #scaled(): boolean {
    return this.#pair.every((exhibit) => exhibit.asset?.unit === "metre");
  }

  #take(other: Exhibit): void {
    this.#other = other;
    this.#bench.hall.attended.clear();
    this.#bench.hall.attended.add(other.id);
    this.write();
  }

  #scale(same: boolean): void {
    this.#sameScale = same;
    this.write();
  }

  /** Puts the pane's eye where the visitor's would be, if the other thing stood there. */
  #aim(i: number, pane: Pane): void {
    const { camera, free, size } = this.#bench;
    const [own, other] = this.#pair;
    const exhibit = this.#pair[i] as Exhibit;
    const pair = stretches(
      [own.sphere.radius, other.sphere.radius],
      [own.placement.scale, other.placement.scale],
      this.#scaled && this.#sameScale,
    );
    const narrower =
      reach(pane.width / pane.height, camera.fov) /
      reach(free.width / free.height, camera.fov, free.height / size.height);
    const turn = exhibit.group.quaternion.clone().multiply(own.group.quaternion.clone().invert());
    const arm = camera.position.clone().sub(own.sphere.center);
    arm.applyQuaternion(turn).multiplyScalar((pair[i] ?? 1) * narrower);
    this.#camera.fov = camera.fov;
    this.#camera.aspect = pane.width / pane.height;
    this.#camera.near = Math.max(1e-3, arm.length() / 500);
    this.#camera.far = arm.length() * 20;
    this.#camera.position.copy(exhibit.sphere.center).add(arm);
    this.#camera.quaternion.copy(turn).multiply(camera.getWorldQuaternion(new Quaternion()));
    this.#camera.updateProjectionMatrix();
    this.#camera.updateMatrixWorld();
  }
}
