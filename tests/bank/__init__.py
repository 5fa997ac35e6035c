"""A correct server of the vendored contract, written by hand, and the faults that it can be given."""
