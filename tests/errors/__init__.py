"""Programs that must be refused, with what must be said of them on the offending line."""
