"""The history of the tables, one revision a file; `state.store.admin.migrate` runs it."""
