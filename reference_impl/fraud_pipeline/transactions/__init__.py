"""Card payments: their schema, and the sources that they come from.

``schema``     names and types of the 34 columns
``source``     what a source is: blocks of payments and rejected rows; its errors
``named``      ``open_source``: a source by the name that a user gives
``files``      CSV (plain, gzip, zip) and Parquet: the Kaggle/ULB file and the demo's extended one
``synthetic``  payments made up like the real ones, which ``measure`` has ``measured``
``changed``    payments of a later year, when customers and thieves have changed their ways
``openml``     OpenML's copy of the data set
``text``       the parser behind ``files``: fast where all is well, careful where it is not
``delimited``  a payment as KSQL reads it
``users``      card holders for the data that name none
"""

from fraud_pipeline.transactions.changed import ChangedSource
from fraud_pipeline.transactions.files import FileSource
from fraud_pipeline.transactions.named import open_source
from fraud_pipeline.transactions.schema import COLUMNS, FEATURES, NUMBERS, SCHEMA, START, ULB_COLUMNS
from fraud_pipeline.transactions.source import Block, HeaderError, Rejected, RowError, Source, SourceError
from fraud_pipeline.transactions.synthetic import SyntheticSource

__all__ = [
    "COLUMNS",
    "FEATURES",
    "NUMBERS",
    "SCHEMA",
    "START",
    "ULB_COLUMNS",
    "Block",
    "ChangedSource",
    "FileSource",
    "HeaderError",
    "Rejected",
    "RowError",
    "Source",
    "SourceError",
    "SyntheticSource",
    "open_source",
]
