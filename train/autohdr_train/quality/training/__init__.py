"""Training of quality models from SDR to HDR, and the study of what helps."""
