"""The curator's desk: halls and what is in them, as pages with forms. routes.py has the addresses."""
