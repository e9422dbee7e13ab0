"""Divides a run by the names of its photos, so that several processes and machines share it, and none holds all."""
