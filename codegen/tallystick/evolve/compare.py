def compare(old, new, tries=200): raise NotImplementedError
