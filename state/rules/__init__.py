"""Pure decisions: plain functions of values, with time and chance passed in."""
