"""The database's history. A change of a model needs a file in versions/; a test asks for it."""
