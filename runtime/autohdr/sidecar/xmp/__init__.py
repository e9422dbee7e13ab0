"""XMP documents: read, and changed without touching what is not meant."""
