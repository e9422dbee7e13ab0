"""A run over a shoot: the pipeline and its stages, what it remembers and locks, how it stops, and the report."""
