"""Known edits of documents: what the comparison of two contracts has to say, and what it must not."""
