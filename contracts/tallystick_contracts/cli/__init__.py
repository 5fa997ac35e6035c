"""The verbs that need a server: serve, test, run. The only place in this floor that prints."""
