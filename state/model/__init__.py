"""Frozen values: what there is to say about accounts, verification, chats and work to do."""
