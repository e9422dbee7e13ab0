"""A suite a stage: `decode`, `prepare`, `engine`, `run`, `train`. Each measures one `Stage` of a result."""
