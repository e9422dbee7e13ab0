"""A run over a shoot: the pipeline, the bounded flow through its threads, and the report."""
