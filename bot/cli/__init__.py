"""What the `helpdesk` command does; nothing here imports aiogram, so it starts at once."""
