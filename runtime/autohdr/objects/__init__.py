"""Object storage: what names an object, and how it is read, written and listed. Used by `autohdr.files`."""
