"""How a rule is tried: values, the places of a body, requests, and directed sequences of them."""
