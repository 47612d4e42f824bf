"""The history of the tables, one revision a file; `state.store.schema` runs it."""
