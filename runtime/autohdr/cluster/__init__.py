"""One run on many machines: Ray spreads the names of photos, and each machine reads, labels and writes its own."""
