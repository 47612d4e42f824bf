"""What the staff's pages show: a domain value → what its template needs. Pure."""
