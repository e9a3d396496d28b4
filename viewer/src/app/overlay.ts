import { localized } from "../document/text.ts";
import type { Controls } from "../navigation/controls.ts";
import { type Place, same } from "../navigation/place.ts";
import { type MarkerActions, Markers } from "../ui/markers.ts";
import { Panel, type PanelActions } from "../ui/panel.ts";
import { Shell, type ShellActions } from "../ui/shell.ts";
import { Announcer } from "./announcer.ts";
import { placeMarkers, writeDoors, writeMarkers } from "./marker-placement.ts";
import { panelContent } from "./panel-content.ts";
import type { VisitState } from "./visit-state.ts";

/** What covers the foot of the picture, px. */
export type Covered = () => number;

/** What a visitor can do with the buttons over the hall. */
export interface OverlayActions extends PanelActions, ShellActions, MarkerActions {}

/** All that is shown over the hall and around it, in the visitor's language. */
export class Overlay {
  readonly shell: Shell;
  readonly panel: Panel;
  readonly markers: Markers;
  readonly announcer: Announcer;
  readonly #state: VisitState;
  readonly #controls: Controls;
  readonly #covered: Covered;
  readonly #resized = new ResizeObserver(() => this.resize());

  /** `inside` goes between the canvas and the bar. */
  constructor(
    state: VisitState,
    actions: OverlayActions,
    controls: Controls,
    inside: readonly HTMLElement[],
    covered: Covered,
  ) {
    this.#state = state;
    this.#controls = controls;
    this.#covered = covered;
    this.markers = new Markers(actions);
    this.panel = new Panel(actions);
    const { stick, pad } = controls;
    const elements = [this.markers.element, this.panel.element, stick.element, pad.element, ...inside];
    this.shell = new Shell(actions, elements);
    this.announcer = new Announcer(this.shell);
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
    const { options, lang } = this.#state;
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
    const { lang } = this.#state;
    const orbiting = place.kind !== "walk";
    this.#state.openPanel = null;
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
    const { session, openPanel, timelineChapter, lang, options, navigator } = this.#state;
    const { place, lastExhibit, followedChapter } = navigator;
    const content = panelContent(
      {
        hall: session?.hall.document ?? null,
        failed: session?.hall.failed ?? [],
        hallTitles: session?.hallTitles ?? null,
        place,
        openPanel,
        lastExhibit,
        followedChapter,
        timelineChapter,
        media: options.media,
      },
      lang,
    );
    this.panel.show(content, lang, focus);
    this.shell.panelled(openPanel, content !== null);
    this.fit();
  }

  texts(): void {
    const { session, lang, navigator } = this.#state;
    const hall = session?.hall;
    this.shell.texts(lang, hall ? localized(hall.document.title, lang) : document.title);
    this.#controls.update(lang, !navigator.onFoot);
    this.shell.hint(null);
    this.show(false);
    if (!hall) return;
    writeMarkers(this.markers, session, lang);
    writeDoors(session, lang);
    this.announcer.loading(lang, hall, !session.cameraController);
    if (hall.settled) this.announcer.settled(lang, hall.failed.length);
  }

  /** Something of the hall has arrived or failed: one exhibit, or more (null). */
  changed(id: string | null): void {
    const { session, lang, openPanel, navigator } = this.#state;
    if (!session) return;
    const { hall } = session;
    writeMarkers(this.markers, session, lang);
    if (id === null && hall.settled) this.announcer.settled(lang, hall.failed.length);
    if (openPanel === "list" || same(navigator.place, { kind: "exhibit", id })) this.show(false);
    this.announcer.loading(lang, hall, !session.cameraController);
    this.#state.draw();
  }

  /** After every frame. */
  drawn(): void {
    const { session, navigator } = this.#state;
    if (!session?.cameraController) return;
    this.shell.reveal();
    placeMarkers(this.markers, session, session.cameraController, navigator.place);
  }

  resize(): void {
    this.#state.stage?.resize();
    this.fit();
  }

  /** Leaves the eye the part of the picture that nothing covers. */
  fit(): void {
    const { clientWidth, clientHeight } = this.shell.canvas;
    const covered = this.panel.element.getBoundingClientRect();
    const panel = covered.width > 0 ? covered : null; // a tool at work hides it on a phone
    const below = this.#covered();
    this.shell.sheet(panel?.height ?? below);
    this.#state.session?.cameraController?.fit(clientWidth, clientHeight, panel, below);
    this.#state.draw();
  }
}
