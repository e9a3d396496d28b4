import type { Object3D, PerspectiveCamera, Scene, WebGLRenderer } from "three";

/** A part of the canvas, CSS pixels from its upper left corner. */
export interface Pane {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Two panes with a gap: side by side in a wide area, otherwise one below the other. */
export function halves(free: Pane, gap: number): readonly [Pane, Pane] {
  if (free.width >= free.height) {
    const width = (free.width - gap) / 2;
    return [
      { ...free, width },
      { ...free, x: free.x + width + gap, width },
    ];
  }
  const height = (free.height - gap) / 2;
  return [
    { ...free, height },
    { ...free, y: free.y + height + gap, height },
  ];
}

/** Draws into one pane. With `whole` the picture is that of the whole canvas, of which the pane shows a part. */
export function paint(
  renderer: WebGLRenderer,
  scene: Scene,
  camera: PerspectiveCamera,
  pane: Pane,
  size: { readonly width: number; readonly height: number },
  whole: boolean,
): void {
  const bottom = size.height - pane.y - pane.height;
  renderer.setScissorTest(true);
  renderer.setScissor(pane.x, bottom, pane.width, pane.height);
  if (!whole) renderer.setViewport(pane.x, bottom, pane.width, pane.height);
  renderer.render(scene, camera);
  renderer.setScissorTest(false);
  renderer.setViewport(0, 0, size.width, size.height);
}

/** Calls `act` while only these objects and the lights are visible. */
export function alone(scene: Scene, shown: readonly Object3D[], act: () => void): void {
  const hidden = scene.children.filter(
    (child) => child.visible && !shown.includes(child) && !("isLight" in child && child.isLight),
  );
  const absent = shown.filter((object) => !object.visible); // on the stage, nothing but the first exhibit is visible
  for (const child of hidden) child.visible = false;
  for (const object of absent) object.visible = true;
  act();
  for (const object of absent) object.visible = false;
  for (const child of hidden) child.visible = true;
}
