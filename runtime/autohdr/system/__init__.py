"""What the machine has and how libraries behave on it: processors, threads, compiled kernels, telemetry."""
