"""The book: what its chapters import, how it is built, and what a built site must keep to.

``chapter``  ``ready`` (the stack for a chapter) and ``mistake`` (an error on purpose, shown in one line)
``figures``  the plots, in the page's own colours (``stream_figures``: those over time)
``build``    ``python -m workshop.book.build``: runs the chapters, builds the site, checks it
``slides``   a deck for each chapter, from its finished page
``site``     the checks of a built site
"""
