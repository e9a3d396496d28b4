import type { Controls } from "../navigation/controls.ts";
import { said } from "../document/text.ts";
import type { Party } from "./visit-state.ts";
import { type Place, same } from "../navigation/place.ts";
import { contentOf } from "./panel-content.ts";
import type { Requests } from "./commands.ts";
import { placeMarkers, writeDoors, writeMarkers } from "./marker-placement.ts";
import { Markers } from "../ui/markers.ts";
import { Panel } from "../ui/panel.ts";
import { Shell } from "../ui/shell.ts";
import { Usher } from "./announcer.ts";

/** What covers the foot of the picture, px. */
export type Covered = () => number;

/** All that is shown over the hall and around it, in the visitor's language. */
export class Display {
  readonly shell: Shell;
  readonly panel: Panel;
  readonly markers: Markers;
  readonly usher: Usher;
  readonly #party: Party;
  readonly #controls: Controls;
  readonly #covered: Covered;
  readonly #resized = new ResizeObserver(() => this.resize());

  /** `inside` goes between the canvas and the bar. */
  constructor(party: Party, requests: Requests, controls: Controls, inside: readonly HTMLElement[], covered: Covered) {
    this.#party = party;
    this.#controls = controls;
    this.#covered = covered;
    this.markers = new Markers(requests);
    this.panel = new Panel(requests);
    const { stick, pad } = controls;
    const elements = [this.markers.element, this.panel.element, stick.element, pad.element, ...inside];
    this.shell = new Shell(requests, elements);
    this.usher = new Usher(this.shell);
    // A pointer's press on a bar's button leaves the keyboard with the hall.
    this.shell.dialog.addEventListener("click", (event) => {
      const path = event.composedPath(); // the button may have changed its picture meanwhile
      const button = path.find((node) => node instanceof HTMLButtonElement);
      if (event.detail > 0 && button && !this.panel.element.contains(button)) this.focusHall();
    });
  }

  /** Whether keys typed on a node are meant for the hall. */
  isHall(node: Node): boolean {
    const { canvas, dialog } = this.shell;
    return node === canvas || node === dialog || this.markers.element.contains(node);
  }

  open(): void {
    const { options, lang } = this.#party;
    document.body.append(this.shell.dialog); // not in the element: the page's style for it is not the visit's
    this.shell.texts(lang, document.title);
    this.shell.open(options.poster);
  }

  watch(): void {
    this.#resized.observe(this.shell.canvas);
    this.#resized.observe(this.panel.element);
  }

  close(): void {
    this.#resized.disconnect();
    this.panel.close();
    this.shell.close();
  }

  focusHall(): void {
    this.shell.canvas.focus({ preventScroll: true });
  }

  /** The visitor is at another place. */
  arrived(place: Place, focus: boolean): void {
    const { lang } = this.#party;
    const orbiting = place.kind !== "walk";
    this.#party.aside = null;
    this.hover(false, null);
    this.show(focus);
    this.#controls.update(lang, orbiting);
    this.shell.orbiting(orbiting);
    this.shell.touring(place.kind === "tour");
    const { content } = this.panel;
    if (content?.kind === "exhibit") this.shell.say(content.exhibit.title);
    if (content?.kind === "note") this.shell.say(content.note.title);
  }

  /** What the pointer is over: something, and perhaps an exhibit. */
  hover(anything: boolean, exhibit: string | null): void {
    this.shell.over(anything);
    this.markers.mark(exhibit, "ly-hovered");
  }

  show(focus: boolean): void {
    const { visit, aside, era, lang, options, guide } = this.#party;
    const { place, last, chapter } = guide;
    const content = contentOf({ visit, place, aside, last, chapter, era, media: options.media }, lang);
    this.panel.show(content, lang, focus);
    this.shell.panelled(aside, content !== null);
    this.fit();
  }

  texts(): void {
    const { visit, lang, guide } = this.#party;
    const hall = visit?.hall;
    this.shell.texts(lang, hall ? said(hall.document.title, lang) : document.title);
    this.#controls.update(lang, !guide.onFoot);
    this.shell.hint(null);
    this.show(false);
    if (!hall) return;
    writeMarkers(this.markers, visit, lang);
    writeDoors(visit, lang);
    this.usher.loading(lang, hall, !visit.journey);
    if (hall.settled) this.usher.settled(lang, hall.failed.length);
  }

  /** Something of the hall has arrived or failed: one exhibit, or more (null). */
  changed(id: string | null): void {
    const { visit, lang, aside, guide } = this.#party;
    if (!visit) return;
    const { hall } = visit;
    writeMarkers(this.markers, visit, lang);
    if (id === null && hall.settled) this.usher.settled(lang, hall.failed.length);
    if (aside === "list" || same(guide.place, { kind: "exhibit", id })) this.show(false);
    this.usher.loading(lang, hall, !visit.journey);
    this.#party.draw();
  }

  /** After every frame. */
  drawn(): void {
    const { visit, guide } = this.#party;
    if (!visit?.journey) return;
    this.shell.reveal();
    placeMarkers(this.markers, visit, visit.journey, guide.place);
  }

  resize(): void {
    this.#party.stage?.resize();
    this.fit();
  }

  /** Leaves the eye the part of the picture that nothing covers. */
  fit(): void {
    const { clientWidth, clientHeight } = this.shell.canvas;
    const covered = this.panel.element.getBoundingClientRect();
    const panel = covered.width > 0 ? covered : null; // a tool at work hides it on a phone
    const below = this.#covered();
    this.shell.sheet(panel?.height ?? below);
    this.#party.visit?.journey?.fit(clientWidth, clientHeight, panel, below);
    this.#party.draw();
  }
}
