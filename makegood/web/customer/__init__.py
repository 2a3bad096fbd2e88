"""What customers see: no account, no cookie; the sealed link in the address is all they need."""
