"""Use cases, one verb per class: load, decide by the rules, save."""
