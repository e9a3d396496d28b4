"""The last stages, which photos, scans and both share: from a cloud to glTF."""

from __future__ import annotations

import os

from recon.messages import language_of
from recon.pipeline.run import Output, Run
from recon.record import hashes
from recon.record.report import DEFAULT_PROFILE, is_fresh, write_report
from recon.stages import colour, gltf, mesh, texture
from recon.types import GltfBundle, PhotoSet

NO_PHOTOS: Output = (PhotoSet(()), "")


def surfaced(run: Run, cloud: Output, sparse: Output, taken: Output = NO_PHOTOS) -> GltfBundle:
    """The surface through a PointCloud, painted and delivered; sparse is the SparseModel with what looked at it, taken
    the PhotoSet with photos that may show a colour chart.
    """
    surface = run.step(mesh, cloud, sparse)
    chart = colour.chart_of(run.provenance.source, run.options.colour.chart)
    colours = run.step(colour, sparse, taken, chart)
    textured = run.step(texture, surface, sparse, colours)
    bundle: GltfBundle = run.step(gltf, textured, sparse)[0]
    _record(run)
    return bundle


def _record(run: Run) -> None:
    """Hashes of all that went in and came out, and the report; unless those that are there are of this model."""
    if not is_fresh(run.workspace):
        progress = run.listener("record", False)
        progress.start(2, "step")
        sources = hashes.sources(run.provenance.source)
        progress.advance()
        run.provenance.keep(sources=sources, outputs=hashes.outputs(run.workspace, [*run.provenance.record["stages"]]))
        progress.advance()
        write_report(
            run.workspace.root,
            profile=DEFAULT_PROFILE,
            language=language_of(os.environ),
            progress=run.listener("report", False),
        )
