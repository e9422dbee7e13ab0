"""Makes the page of a shoot, which a browser opens from the disk: every photo before and after its develop settings."""
