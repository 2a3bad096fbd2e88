"""How Makegood looks: ornament, icons, style bundles, frames and the living style page."""
