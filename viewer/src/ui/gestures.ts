/** The gestures of a visitor's pointer on the canvas, CSS pixels. */
export interface Gestures {
  drag(dx: number, dy: number): void;
  /** px/s at the end of a drag. */
  fling(vx: number, vy: number): void;
  tap(x: number, y: number): void;
  /** Two fingers: the factor by which their distance has grown, and how far their middle has moved. */
  pinch(factor: number, dx: number, dy: number): void;
  wheel(factor: number): void;
  /** Shifting with the right or middle button. */
  shift(dx: number, dy: number): void;
  hover(point: { x: number; y: number } | null): void;
}

const TAP_MS = 600;
const FLING_MS = 90; // only the movement in this time before the end counts

interface Finger {
  x: number;
  y: number;
}

/** Recognizes taps, drags and pinches. Returns the function that stops listening. */
export function listen(canvas: HTMLElement, to: Gestures): () => void {
  const fingers = new Map<number, Finger>();
  const stop = new AbortController();
  const { signal } = stop;
  let began = { x: 0, y: 0, time: 0 };
  let moved = false;
  let trail: { x: number; y: number; time: number }[] = [];

  const place = (event: PointerEvent | WheelEvent): Finger => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  canvas.addEventListener(
    "pointerdown",
    (event) => {
      canvas.setPointerCapture(event.pointerId);
      const at = place(event);
      fingers.set(event.pointerId, at);
      trail = [];
      if (fingers.size === 1) {
        began = { ...at, time: event.timeStamp };
        moved = false;
      } else moved = true;
      to.hover(null);
    },
    { signal },
  );

  canvas.addEventListener(
    "pointermove",
    (event) => {
      const at = place(event);
      const finger = fingers.get(event.pointerId);
      if (!finger) {
        if (event.pointerType === "mouse") to.hover(at);
        return;
      }
      const dx = at.x - finger.x;
      const dy = at.y - finger.y;
      if (fingers.size === 1) {
        const slack = event.pointerType === "touch" ? 9 : 4;
        if (!moved && Math.hypot(at.x - began.x, at.y - began.y) < slack) return;
        moved = true;
        Object.assign(finger, at);
        trail.push({ ...at, time: event.timeStamp });
        if (event.buttons & 6) to.shift(dx, dy);
        else to.drag(dx, dy);
        return;
      }
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1] as Finger;
      const before = Math.hypot(finger.x - other.x, finger.y - other.y);
      Object.assign(finger, at);
      const after = Math.hypot(finger.x - other.x, finger.y - other.y);
      to.pinch(before > 1 ? after / before : 1, dx / 2, dy / 2);
    },
    { signal },
  );

  const end = (event: PointerEvent) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    fingers.delete(event.pointerId);
    if (fingers.size > 0 || event.type === "pointercancel") return;
    if (!moved) {
      if (event.timeStamp - began.time < TAP_MS && event.button === 0) to.tap(began.x, began.y);
      return;
    }
    const recent = trail.filter((point) => event.timeStamp - point.time < FLING_MS);
    const first = recent[0];
    const last = recent.at(-1);
    if (!first || !last || last.time <= first.time || event.button !== 0) return;
    const seconds = (last.time - first.time) / 1000;
    to.fling((last.x - first.x) / seconds, (last.y - first.y) / seconds);
  };
  canvas.addEventListener("pointerup", end, { signal });
  canvas.addEventListener("pointercancel", end, { signal });
  canvas.addEventListener("pointerleave", () => to.hover(null), { signal });
  canvas.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1;
      to.wheel(Math.exp((-event.deltaY * lines) / (event.ctrlKey ? 120 : 700)));
    },
    { signal, passive: false },
  );
  return () => stop.abort();
}
