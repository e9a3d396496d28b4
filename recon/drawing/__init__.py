"""Drawings at a scale: what is cut, what is seen behind it, and the sheet that it is drawn on."""
