"""Runs that go on: what arrives in a folder is labelled."""
