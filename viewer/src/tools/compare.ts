import { PerspectiveCamera, Quaternion } from "three";
import type { Exhibit } from "../core/exhibit.ts";
import { formatLength, scaleBar } from "../core/lengths.ts";
import { STAGE_EDGE } from "../core/stage.ts";
import { DEGREE } from "../core/units.ts";
import { localized } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import { plain, write } from "./controls.ts";
import { toolText } from "./i18n.ts";
import { alone, halves, type Pane, paint } from "./split.ts";
import type { Tool, ToolContext } from "./tool.ts";

const GAP = 2; // px between the panes
const BAR = 0.3; // of a pane's width: the longest scale bar

/** The distance of an eye that sees all of a sphere of radius 1 in a picture of this aspect. */
export function reach(aspect: number, fov_deg: number, share = 1): number {
  const vertical = Math.tan((fov_deg * DEGREE) / 2) * share;
  return 1 / Math.sin(Math.atan(Math.min(vertical, vertical * aspect)));
}

/**
 * For each pane: its eye's distance divided by the distance of the visitor's own eye, which goes around the first exhibit. With `same`
 * the larger exhibit fills its pane and the other one is drawn at the same scale. Otherwise each exhibit fills its pane.
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

/** The exhibits that can be compared with this one. */
export function othersOf({ hall, exhibit }: Pick<ToolContext, "hall" | "exhibit">): Exhibit[] {
  return [...hall.exhibits.values()].filter(
    (other) => other !== exhibit && other.placement.kind === "object" && other.levels.length > 0 && other.body,
  );
}

/** The exhibit whose size is closest to this one's. */
function nearestInSize(exhibit: Exhibit, others: readonly Exhibit[]): Exhibit | undefined {
  const size = ({ sphere, placement }: Exhibit) => Math.log(sphere.radius / placement.scale);
  const apart = (other: Exhibit) => Math.abs(size(other) - size(exhibit));
  return [...others].sort((a, b) => apart(a) - apart(b))[0];
}

/** Shows another exhibit of the hall beside this one; both turn together. */
export function open(context: ToolContext): Tool {
  return new Compare(context);
}

class Compare implements Tool {
  readonly controls: HTMLElement;
  readonly #context: ToolContext;
  readonly #camera = new PerspectiveCamera();
  readonly #label = h("span");
  readonly #choice = h("select.ly-select");
  readonly #same: HTMLButtonElement;
  readonly #fitted: HTMLButtonElement;
  readonly #why = h("p.ly-card-text.ly-small");
  readonly #tags = [h("div.ly-pane"), h("div.ly-pane")] as const;
  #other: Exhibit;
  #sameScale = true;

  constructor(context: ToolContext) {
    this.#context = context;
    this.#other = nearestInSize(context.exhibit, othersOf(context)) ?? context.exhibit;
    this.#same = plain("same", () => this.#scale(true));
    this.#fitted = plain("fitted", () => this.#scale(false));
    this.#choice.addEventListener("change", () => {
      const other = context.hall.exhibits.get(this.#choice.value);
      if (other) this.#select(other);
    });
    const choice = h("label.ly-choice", {}, this.#label, this.#choice);
    this.controls = h("div", {}, choice, h("div.ly-row", {}, this.#same, this.#fitted), this.#why);
  }

  start(): void {
    const { overlay, viewport } = this.#context;
    overlay.append(...this.#tags);
    viewport.painter = (renderer, scene) => {
      const size = this.#context.size;
      renderer.setScissorTest(false);
      renderer.setClearColor(STAGE_EDGE);
      renderer.clear();
      for (const [i, pane] of this.#panes.entries()) {
        const exhibit = this.#pair[i] as Exhibit;
        this.#aim(i, pane);
        alone(scene, [exhibit.group], () => paint(renderer, scene, this.#camera, pane, size, false));
      }
    };
    this.#select(this.#other);
  }

  stop(): void {
    this.#context.viewport.painter = null;
    this.#context.hall.attended.clear();
    for (const tag of this.#tags) tag.remove();
  }

  write(): void {
    const { lang } = this.#context;
    const others = othersOf(this.#context);
    this.#label.textContent = toolText(lang, "compareWith");
    this.#choice.replaceChildren(
      ...others.map((other) =>
        h("option", { value: other.id, selected: other === this.#other }, localized(other.placement.title, lang)),
      ),
    );
    const scaled = this.#scaled;
    write(this.#same, toolText(lang, "compareSame"), undefined, scaled && this.#sameScale);
    write(this.#fitted, toolText(lang, "compareFitted"), undefined, !(scaled && this.#sameScale));
    this.#same.disabled = !scaled;
    this.#why.hidden = scaled;
    this.#why.textContent = toolText(lang, "compareUnscaled");
    this.#context.fit();
    this.#context.draw();
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
      const { scale } = exhibit.placement;
      const { metres, pixels } = scaleBar(distance, this.#camera.fov, pane.height, scale, pane.width * BAR);
      const bar = h("span.ly-bar-scale", {}, formatLength(metres, metres / 5));
      bar.style.width = `${pixels}px`;
      tag.replaceChildren(h("b", {}, localized(exhibit.placement.title, this.#context.lang)), ...(metre ? [bar] : []));
    }
  }

  get #pair(): readonly [Exhibit, Exhibit] {
    return [this.#context.exhibit, this.#other];
  }

  get #panes(): readonly [Pane, Pane] {
    return halves(this.#context.free, GAP);
  }

  /** Whether the true size of both is known. */
  get #scaled(): boolean {
    return this.#pair.every((exhibit) => exhibit.asset?.unit === "metre");
  }

  #select(other: Exhibit): void {
    this.#other = other;
    this.#context.hall.attended.clear();
    this.#context.hall.attended.add(other.id);
    this.write();
  }

  #scale(same: boolean): void {
    this.#sameScale = same;
    this.write();
  }

  /** Puts the eye of the pane where the visitor's eye would be if the other exhibit stood there. */
  #aim(i: number, pane: Pane): void {
    const { camera, free, size } = this.#context;
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
