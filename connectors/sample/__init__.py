"""The sample patient, Nadia Brandt: an invented chart of twenty years that lets the app be tried at once."""
