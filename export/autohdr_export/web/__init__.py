"""Web pages that need nothing besides themselves: one template with its tables and charts, for whatever is measured."""
