"""Every word the desk says: one template per reply, and the pages."""
