"""What begins a case without anybody complaining: a broken promise, silence, any fact followed."""
