"""Changes files that somebody has, and keeps what they held: claimed first, as they were seen, or step by step."""
