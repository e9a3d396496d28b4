"""The demonstration: plans of halls, and the code that makes everything in them. scripts/demo runs it in a checkout."""
