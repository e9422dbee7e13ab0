"""The network in torch: its parts, its checkpoint on disk, what training begins with, and what it predicts."""
