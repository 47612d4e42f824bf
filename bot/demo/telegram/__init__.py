"""Local Bot API server for one bot and a few people, as strict as the real one."""
