"""What is no value of a schema: operations, parameters, bodies, answers, credentials, servers."""
