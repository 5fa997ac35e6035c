"""From a contract: rules that must hold, probes that try them, and verdicts on a server."""
