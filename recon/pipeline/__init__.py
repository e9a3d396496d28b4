"""What is done to captures, stage by stage: a file for each kind of capture, and `run`, which runs a stage."""
