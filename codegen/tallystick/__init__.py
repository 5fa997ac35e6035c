"""From one OpenAPI document: a typed client, server stubs, and what a contract suite needs."""
