import { DoubleSide, Mesh, MeshBasicMaterial, RingGeometry, type Vector3 } from "three";

/** The mark on the floor at the place to which the visitor walks. */
export class DestinationMarker {
  readonly mesh: Mesh;

  constructor() {
    const geometry = new RingGeometry(0.17, 0.21, 48).rotateX(-Math.PI / 2);
    const material = new MeshBasicMaterial({
      color: "#b3402c",
      transparent: true,
      opacity: 0.85,
      depthWrite: false,
      side: DoubleSide,
      toneMapped: false,
    });
    this.mesh = new Mesh(geometry, material);
    this.mesh.renderOrder = 2;
    this.mesh.visible = false;
  }

  /** Shows the mark at a place on the floor; null hides it. True if that is a change. */
  show(place: Vector3 | null): boolean {
    const changed = this.mesh.visible !== (place !== null);
    this.mesh.visible = place !== null;
    if (place) this.mesh.position.copy(place).setY(place.y + 0.015);
    return changed;
  }
}
