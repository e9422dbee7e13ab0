"""Settings inside DNGs."""
