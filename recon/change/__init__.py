"""What changed between two surveys of the same place: found, and handed over."""
