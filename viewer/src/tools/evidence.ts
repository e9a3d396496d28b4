import {
  type BufferGeometry,
  type Material,
  type Mesh,
  type MeshStandardMaterial,
  ShaderMaterial,
  type Texture,
  Vector3,
} from "three";
import { smoothNormals } from "../core/normals.ts";
import { factsNotStated, fileFacts, originalFacts } from "../document/origin.ts";
import type { Asset, Check } from "../document/schema.ts";
import { type Lang, localized } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import { translate } from "../ui/i18n.ts";
import { FACT_LABELS, METHODS } from "../ui/origin-labels.ts";
import { percent } from "../ui/percent.ts";
import { type ToolTextKey, toolText } from "./i18n.ts";
import { MaterialOverride } from "./material-override.ts";
import { RoomDimmer } from "./room-dimmer.ts";
import type { Tool, ToolContext } from "./tool.ts";

/** How well a piece of surface was measured, from the best class to the worst. */
export const CLASSES = ["both", "scan", "many", "some", "few", "filled"] as const;
export type Class = (typeof CLASSES)[number];
/** The classes that are named even where a model has no such surface. */
const ALWAYS: ReadonlySet<Class> = new Set(["many", "some", "few", "filled"]);

const DIMMED = 0.5; // share of its light that the room keeps
const FEW = 2.5; // number of photographs that separates the classes
const SOME = 5.5;

/** The class of a triangle by the sums over its corners of photographs and scans that measured them (recon's _NUM_VIEWS and
 * _NUM_SCANS). It is "filled" if nothing measured any corner. */
export function classOf(views: number, scans: number): Class {
  if (scans > 0) return views > 0 ? "both" : "scan";
  if (views === 0) return "filled";
  const mean = views / 3;
  return mean < FEW ? "few" : mean < SOME ? "some" : "many";
}

/** The share of each class in the surface's area; null if a geometry has no _NUM_VIEWS. */
export function areasOf(geometries: Iterable<BufferGeometry>): Record<Class, number> | null {
  const areas: Record<Class, number> = { both: 0, scan: 0, many: 0, some: 0, few: 0, filled: 0 };
  const [a, b, c] = [new Vector3(), new Vector3(), new Vector3()];
  for (const { attributes, index } of geometries) {
    const { position, _num_views: views, _num_scans: scans } = attributes;
    if (!position || !views) return null;
    const count = index?.count ?? position.count;
    for (let i = 0; i < count; i += 3) {
      const [ia, ib, ic] = [0, 1, 2].map((k) => (index ? index.getX(i + k) : i + k)) as [number, number, number];
      a.fromBufferAttribute(position, ia);
      b.fromBufferAttribute(position, ib).sub(a);
      c.fromBufferAttribute(position, ic).sub(a);
      const sum = (of?: typeof views) => (of ? of.getX(ia) + of.getX(ib) + of.getX(ic) : 0);
      areas[classOf(sum(views), sum(scans))] += b.cross(c).length();
    }
  }
  const sum = CLASSES.reduce((total, name) => total + areas[name], 0);
  if (sum > 0) for (const name of CLASSES) areas[name] /= sum;
  return areas;
}

const LABELS: Readonly<Record<Class, ToolTextKey>> = {
  both: "evidenceBoth",
  scan: "evidenceScan",
  many: "evidenceMany",
  some: "evidenceSome",
  few: "evidenceFew",
  filled: "evidenceFilled",
};

/** By how much the model differs from lengths and places that were known, each found by the others. */
function checked(checks: readonly Check[], lang: Lang): string | false {
  const squares = checks.filter(({ used }) => used ?? true).map(({ error_m }) => (1000 * error_m) ** 2);
  if (squares.length === 0) return false;
  const millimetres = Math.sqrt(squares.reduce((sum, each) => sum + each) / squares.length).toFixed(1);
  return toolText(lang, "evidenceChecked", { count: squares.length, millimetres });
}

/** The rows of the card: method and accuracy, the statement of how it was made, then the stated facts, then the names of the facts that nobody has stated. */
export function provenance(asset: Asset, lang: Lang): [label: string, text: string][] {
  const { origin, quality } = asset;
  const method = translate(lang, METHODS[origin.method]);
  const how = [
    origin.photos && !origin.scans ? toolText(lang, "evidencePhotos", { method, count: origin.photos }) : method,
    origin.scans && toolText(lang, "evidenceScans", { count: origin.scans }),
    origin.photos && origin.scans && toolText(lang, "evidenceWithPhotos", { count: origin.photos }),
    quality?.reprojection_px && toolText(lang, "evidenceSharp", { pixels: quality.reprojection_px.toFixed(2) }),
    quality?.registration_m &&
      toolText(lang, "evidenceRegistered", { millimetres: (1000 * quality.registration_m).toFixed(1) }),
    checked(quality?.checks ?? [], lang),
    quality?.colour && toolText(lang, "evidenceColour", { difference: quality.colour.delta_e_after.toFixed(1) }),
    origin.software,
  ];
  const rows: [string, string][] = [
    [toolText(lang, "evidenceHow"), how.filter(Boolean).join(lang === "zh" ? "；" : "; ")],
  ];
  const statement = localized(origin.statement, lang);
  if (statement) rows.push(["", statement]);
  const unseen = quality?.unseen_share;
  if (unseen) rows.push(["", toolText(lang, "evidenceUnseen", { percent: percent(unseen) })]);
  for (const { name, text } of [...originalFacts(asset, lang), ...fileFacts(asset, lang)])
    rows.push([translate(lang, FACT_LABELS[name]), text]);
  const missing = factsNotStated(asset).map((name) => translate(lang, FACT_LABELS[name]));
  if (missing.length > 0) {
    const names = lang === "zh" ? missing.join("、") : missing.join(", ").toLowerCase();
    rows.push([translate(lang, "methodNotStated"), names]);
  }
  return rows;
}

/** The classes of a legend: those of photographs unless only scans measured the surface, and those of scans if any did. */
export function namedClasses(areas: Record<Class, number>): Class[] {
  const scanned = areas.both + areas.scan > 0;
  const photographed = areas.both + areas.many + areas.some + areas.few > 0;
  return CLASSES.filter((name) => areas[name] > 0 || (ALWAYS.has(name) && (photographed || !scanned)));
}

/** Shows how well each piece of the surface was measured. */
export function open(context: ToolContext): Tool {
  return new Evidence(context);
}

class Evidence implements Tool {
  readonly controls: HTMLElement;
  readonly #context: ToolContext;
  readonly #override: MaterialOverride;
  readonly #dimmer: RoomDimmer;
  readonly #legend = h("ul.ly-legend");
  readonly #facts = h("dl.ly-facts");
  #areas: Record<Class, number> | null = null;

  constructor(context: ToolContext) {
    this.#context = context;
    this.#dimmer = new RoomDimmer(context.hall.scene, DIMMED);
    this.#override = new MaterialOverride(context.exhibit, (own, mesh) =>
      this.#mapped(own as MeshStandardMaterial, mesh),
    );
    this.controls = h("div", {}, this.#legend, this.#facts);
  }

  start(): void {
    this.bodyChanged();
  }

  stop(): void {
    this.#dimmer.remove();
    this.#override.restore();
  }

  bodyChanged(): void {
    if (!this.#override.apply()) return;
    this.#dimmer.keepBright(this.#context.exhibit.body);
    this.#areas = areasOf([...this.#override.meshes].map((mesh) => mesh.geometry));
    this.write();
    this.#context.draw();
  }

  write(): void {
    const { lang, exhibit } = this.#context;
    const areas = this.#areas;
    const entry = (swatch: string, text: string, share: string | null) =>
      h(
        "li",
        {},
        h(`span.ly-swatch.ly-swatch-${swatch}` as "span.x"),
        h("span.ly-grow", {}, text),
        share && h("b", {}, share),
      );
    const only = exhibit.asset?.origin.method === "modelled" ? "evidenceModelled" : "evidenceUnknown";
    this.#legend.replaceChildren(
      ...(areas
        ? namedClasses(areas).map((name) => entry(name, plainText(lang, LABELS[name]), `${percent(areas[name])}%`))
        : [entry("unknown", toolText(lang, only), null)]),
    );
    const rows = exhibit.asset ? provenance(exhibit.asset, lang) : [];
    this.#facts.replaceChildren(...rows.flatMap(([label, text]) => [h("dt", {}, label), h("dd", {}, text)]));
    this.#context.fit();
  }

  #mapped(own: MeshStandardMaterial, mesh: Mesh): Material {
    smoothNormals(mesh.geometry);
    const { _num_views: views, _num_scans: scans } = mesh.geometry.attributes;
    return new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      side: own.side,
      toneMapped: false,
      defines: {
        ...(views ? { HAS_VIEWS: "" } : {}),
        ...(scans ? { HAS_SCANS: "" } : {}),
        ...(own.map ? { MAPPED: "" } : {}),
      },
      uniforms: {
        colours: { value: own.map as Texture | null },
        ratio: { value: this.#context.viewport.renderer.getPixelRatio() },
      },
    });
  }
}

function plainText(lang: "zh" | "en", key: ToolTextKey): string {
  return (toolText as (lang: "zh" | "en", key: ToolTextKey) => string)(lang, key);
}

const VERTEX = `
#ifdef HAS_VIEWS
  attribute float _num_views;
#endif
#ifdef HAS_SCANS
  attribute float _num_scans;
#endif
varying float views;
varying float scans;
varying vec3 facing;
varying vec2 at;
void main() {
  #ifdef HAS_VIEWS
    views = _num_views;
  #else
    views = -1.0;
  #endif
  #ifdef HAS_SCANS
    scans = _num_scans;
  #else
    scans = 0.0;
  #endif
  facing = normalMatrix * normal;
  #ifdef MAPPED
    at = uv;
  #else
    at = vec2(0.0);
  #endif
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}
`;

// Colours from the map Cividis, which also differ in brightness. Three classes have a pattern besides.
const FRAGMENT = `
uniform sampler2D colours;
uniform float ratio;
varying float views;
varying float scans;
varying vec3 facing;
varying vec2 at;
void main() {
  vec2 px = gl_FragCoord.xy / ratio;
  float stripe = smoothstep(0.3, 0.5, abs(fract((px.x + px.y) / 11.0) - 0.5) * 2.0);
  float spot = smoothstep(2.6, 1.8, length(mod(px, 9.0) - 4.5));
  float line = smoothstep(0.62, 0.8, abs(fract(px.y / 7.0) - 0.5) * 2.0);
  vec3 colour;
  if (scans > 0.0 && views > 0.0) colour = vec3(0.0, 0.38, 0.36);
  else if (scans > 0.0) colour = mix(vec3(0.66, 0.84, 0.86), vec3(0.3, 0.52, 0.55), line);
  else if (views < -0.5) colour = mix(vec3(0.55), vec3(0.72), step(0.5, fract((px.x - px.y) / 16.0)));
  else if (views < 0.5) colour = mix(vec3(0.35, 0.05, 0.0), vec3(0.9, 0.32, 0.08), stripe);
  else if (views < ${FEW}) colour = mix(vec3(0.93, 0.8, 0.32), vec3(0.42, 0.33, 0.05), spot);
  else if (views < ${SOME}) colour = vec3(0.45, 0.56, 0.62);
  else colour = vec3(0.05, 0.2, 0.45);
  float shade = 0.35 + 0.65 * abs(normalize(facing).z);
  #ifdef MAPPED
    shade *= 0.72 + 0.6 * dot(texture2D(colours, at).rgb, vec3(0.2126, 0.7152, 0.0722));
  #endif
  gl_FragColor = vec4(pow(colour, vec3(2.2)) * shade * 1.15, 1.0);
  #include <colorspace_fragment>
}
`;
