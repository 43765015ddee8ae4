"""Tests of the book: one source for its code, its directives, and the checks of a built site."""
