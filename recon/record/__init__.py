"""What remains of a reconstruction beside its model: the report, its provenance, the package for the archive."""
