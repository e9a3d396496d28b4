"""The demonstration: its halls' plans, and everything in them, made in code. Run from a checkout by scripts/demo."""
