"""What the `helpdesk` commands do; each command imports its module when it runs."""
