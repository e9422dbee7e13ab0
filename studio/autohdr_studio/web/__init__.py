"""Shows an open shoot to one browser on this computer, and to nobody else."""
