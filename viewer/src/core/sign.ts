import { BoxGeometry, Group, Mesh, MeshBasicMaterial, PlaneGeometry } from "three";
import { canvasTexture } from "./canvas-text.ts";
import { hallFromRectangle, POLYGON_OFFSET, type Rectangle } from "./rectangle.ts";

const DEPTH = 0.006; // m

/** A thin plate with a printed face, which is printed again when the language changes. */
export class Sign {
  #face: Rectangle;
  readonly object = new Group();
  readonly #front: MeshBasicMaterial;

  constructor(face: Rectangle, edge: string) {
    this.#face = face;
    this.#front = new MeshBasicMaterial({ toneMapped: false, ...POLYGON_OFFSET });
    const front = new Mesh(new PlaneGeometry(face.width, face.height), this.#front);
    front.position.z = DEPTH / 2 + 0.0005;
    const back = new MeshBasicMaterial({ color: edge, toneMapped: false });
    this.object.add(new Mesh(new BoxGeometry(face.width, face.height, DEPTH), back), front);
    this.object.matrixAutoUpdate = false;
    hallFromRectangle(face, this.object.matrix);
  }

  get face(): Rectangle {
    return this.#face;
  }

  /** Hangs it in another place; the face is as large as before. */
  move(face: Rectangle): void {
    this.#face = face;
    hallFromRectangle(face, this.object.matrix);
    this.object.matrixWorldNeedsUpdate = true;
  }

  print(context: CanvasRenderingContext2D): void {
    this.#front.map?.dispose();
    this.#front.map = canvasTexture(context);
    this.#front.needsUpdate = true;
  }
}
