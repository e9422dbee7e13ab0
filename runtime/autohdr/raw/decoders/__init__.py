"""Decoders: a file's bytes in, `RawFrame` out. One file each, and the one that chooses between them."""
