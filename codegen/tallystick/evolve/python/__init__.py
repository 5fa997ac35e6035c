"""The names of two generated packages, compared where people reach them."""
