"""Photos are decoded here, looked at, and kept in the cache."""
