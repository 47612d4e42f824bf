"""Views of the staff pages: pure functions from domain values to template contexts."""
