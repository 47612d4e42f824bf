"""From values to words, buttons and JSON; pure."""
