"""What each make of button says, read from its documentation. Pure; one file per make."""
