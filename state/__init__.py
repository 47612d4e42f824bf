"""What the desk knows of a freelancer, and the rules it follows."""
