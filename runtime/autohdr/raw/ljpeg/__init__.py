"""Decodes lossless JPEG (ITU-T T.81, SOF3), four places of a stream at once, for the fast decoder."""
