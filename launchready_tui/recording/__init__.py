"""What people record in an opened sprint, each deed with its rules."""
