"""What is to be released: the verdict, the version, the entry of the CHANGELOG."""
