"""Every view and dialog of a window, one after the other, for tests that look at all that can be seen."""
