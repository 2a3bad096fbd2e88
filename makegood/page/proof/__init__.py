"""What shows that people were reached, and that nothing lies still."""
