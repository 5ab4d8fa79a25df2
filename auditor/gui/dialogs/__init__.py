"""Modal dialogs and popovers."""
