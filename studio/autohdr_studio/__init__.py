"""The studio: a shoot in the browser, seen, corrected, and learnt from as one goes."""
