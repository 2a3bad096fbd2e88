"""The screens: templates, styles and views. Doors only; no domain logic lives here."""
