"""Server-Sent Events for pagers and pages: carries bulletins, does not know what they mean."""
