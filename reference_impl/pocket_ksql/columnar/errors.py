"""What keeps a batch from going the way by columns."""


class UnusualError(Exception):
    """Something in the batch that only the way row by row treats as it should."""
