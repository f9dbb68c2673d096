"""All that talks to Google or to a file: one interface, and a home behind each side of it."""
