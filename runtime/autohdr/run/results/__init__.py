"""What a run tells: results of photos, tables of them, and notes on the whole run."""
