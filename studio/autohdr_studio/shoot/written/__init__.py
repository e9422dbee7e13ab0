"""All that is written beside photos, or into the journal, is written here."""
