"""The last stages, which photos, scans and both share: from a cloud to glTF."""

from __future__ import annotations

from recon.pipeline.run import Output, Run
from recon.stages import gltf, mesh, texture
from recon.types import GltfBundle


def surfaced(run: Run, cloud: Output, sparse: Output) -> GltfBundle:
    """The surface through a PointCloud, painted and delivered; sparse is the SparseModel with what looked at it."""
    surface = run.step(mesh, cloud, sparse)
    textured = run.step(texture, surface, sparse)
    bundle: GltfBundle = run.step(gltf, textured, sparse)[0]
    return bundle
