"""What every generated package shares: presence, requests, transport, errors, serving."""
