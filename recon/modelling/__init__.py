"""Models made in code: surfaces, painted textures, baked light, motion, and the studio that photographs them."""
