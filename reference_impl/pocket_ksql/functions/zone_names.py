"""English names of time zones, as Java 17 writes and reads them for the pattern ``zzzz``.

Zones that share an abbreviation share a name, but for those that have one of their own here.
"""

from __future__ import annotations

import re
from datetime import datetime

_BY_ABBREVIATION = {
    "ACDT": "Australian Central Daylight Time", "ACST": "Australian Central Standard Time",
    "ADT": "Atlantic Daylight Time", "AEDT": "Australian Eastern Daylight Time",
    "AEST": "Australian Eastern Standard Time", "AKDT": "Alaska Daylight Time", "AKST": "Alaska Standard Time",
    "AST": "Atlantic Standard Time", "AWST": "Australian Western Standard Time", "BST": "British Summer Time",
    "CAT": "Central Africa Time", "CDT": "Central Daylight Time", "CEST": "Central European Summer Time",
    "CET": "Central European Standard Time", "CST": "Central Standard Time", "ChST": "Chamorro Standard Time",
    "EAT": "East Africa Time", "EDT": "Eastern Daylight Time", "EEST": "Eastern European Summer Time",
    "EET": "Eastern European Standard Time", "EST": "Eastern Standard Time", "GMT": "Greenwich Mean Time",
    "HDT": "Hawaii-Aleutian Daylight Time", "HKT": "Hong Kong Standard Time",
    "HST": "Hawaii-Aleutian Standard Time", "IDT": "Israel Daylight Time", "IST": "India Standard Time",
    "JST": "Japan Standard Time", "KST": "Korean Standard Time", "MDT": "Mountain Daylight Time",
    "MSK": "Moscow Standard Time", "MST": "Mountain Standard Time", "NDT": "Newfoundland Daylight Time",
    "NST": "Newfoundland Standard Time", "NZDT": "New Zealand Daylight Time", "NZST": "New Zealand Standard Time",
    "PDT": "Pacific Daylight Time", "PKT": "Pakistan Standard Time", "PST": "Pacific Standard Time",
    "SAST": "South Africa Standard Time", "SST": "Samoa Standard Time", "UTC": "Coordinated Universal Time",
    "WAT": "West Africa Standard Time", "WEST": "Western European Summer Time",
    "WET": "Western European Standard Time", "WIB": "Western Indonesia Time", "WIT": "Eastern Indonesia Time",
    "WITA": "Central Indonesia Time",
}  # fmt: skip

_BY_ZONE = {
    "America/Argentina/Buenos_Aires": "Argentina Standard Time", "America/Bogota": "Colombia Standard Time",
    "America/Caracas": "Venezuela Time", "America/Lima": "Peru Standard Time",
    "America/Sao_Paulo": "Brasilia Standard Time", "Asia/Baghdad": "Arabian Standard Time",
    "Asia/Bangkok": "Indochina Time", "Asia/Dhaka": "Bangladesh Standard Time", "Asia/Dubai": "Gulf Standard Time",
    "Asia/Ho_Chi_Minh": "Indochina Time", "Asia/Jerusalem": "Israel Standard Time", "Asia/Kabul": "Afghanistan Time",
    "Asia/Kathmandu": "Nepal Time", "Asia/Kuala_Lumpur": "Malaysia Time", "Asia/Manila": "Philippine Standard Time",
    "Asia/Riyadh": "Arabian Standard Time", "Asia/Shanghai": "China Standard Time",
    "Asia/Singapore": "Singapore Standard Time", "Asia/Taipei": "Taipei Standard Time",
    "Asia/Tashkent": "Uzbekistan Standard Time", "Asia/Yekaterinburg": "Yekaterinburg Standard Time",
    "Europe/Dublin": "Irish Standard Time", "Europe/Istanbul": "Turkey Time",
}  # fmt: skip
_PLACES = {
    "Alaska": "America/Juneau", "Atlantic": "America/Halifax", "Australian Central": "Australia/Adelaide",
    "Australian Eastern": "Australia/Sydney", "Australian Western": "Australia/Perth", "Central": "America/Chicago",
    "Central Africa": "Africa/Maputo", "Central European": "Europe/Paris", "Central Indonesia": "Asia/Makassar",
    "Chamorro": "Pacific/Guam", "Coordinated Universal": "UTC", "East Africa": "Africa/Nairobi",
    "Eastern": "America/New_York", "Eastern European": "Europe/Bucharest", "Eastern Indonesia": "Asia/Jayapura",
    "Greenwich Mean": "Africa/Abidjan", "Hawaii-Aleutian": "Pacific/Honolulu", "Hong Kong": "Asia/Hong_Kong",
    "India": "Asia/Kolkata", "Israel": "Asia/Jerusalem", "Japan": "Asia/Tokyo", "Korean": "Asia/Seoul",
    "Moscow": "Europe/Moscow", "Mountain": "America/Denver", "New Zealand": "Pacific/Auckland",
    "Newfoundland": "America/St_Johns", "Pacific": "America/Los_Angeles", "Pakistan": "Asia/Karachi",
    "Samoa": "Pacific/Pago_Pago", "South Africa": "Africa/Johannesburg", "West Africa": "Africa/Lagos",
    "Western European": "Atlantic/Canary", "Western Indonesia": "Asia/Jakarta",
}  # fmt: skip
"""Where Java takes a name without its last words to be, when it reads one."""
_ONE_NAME_FOR_BOTH = frozenset(_BY_ZONE) - {"Asia/Jerusalem", "Europe/Dublin"}


def place_of(name: str) -> str | None:
    """The zone that a text means by an English name; summer or winter is what the zone has at that time.

    >>> place_of("Pacific Daylight Time"), place_of("Nowhere Time")
    ('America/Los_Angeles', None)
    """
    stem = re.sub(r"( Standard| Daylight| Summer)? Time\Z", "", name.title())
    return _PLACES.get(stem)


def short_name(moment: datetime) -> str:
    """The abbreviation of a time's zone; before there were zones, that of its standard time today."""
    name = moment.tzname() or ""
    if name != "LMT":
        return name
    today = (datetime(2020, month, 1, tzinfo=moment.tzinfo) for month in (1, 7))
    return next((one.tzname() or "" for one in today if not one.dst()), name)


def all_year(name: str) -> str:
    """A zone's name without what it says of summer or winter.

    >>> all_year("CEST"), all_year("PDT"), all_year("India Standard Time")
    ('CET', 'PT', 'India Time')
    """
    return re.sub(r"(?:[SD]| Standard| Daylight| Summer)(T| Time)\Z", r"\1", name)


def long_name(moment: datetime) -> str:
    """The name of a time's zone: ``Central European Summer Time``; an offset is its own name.

    Raises ``ValueError`` for a zone whose name is not known here.
    """
    key = getattr(moment.tzinfo, "key", None)
    short = short_name(moment)
    if key in _ONE_NAME_FOR_BOTH or (key in _BY_ZONE and short == "IST"):
        return _BY_ZONE[key]
    if key is None and short not in ("UTC", "GMT"):
        return short
    if short not in _BY_ABBREVIATION:
        raise ValueError(f"the English name of the time zone {key} is not known here: use VV or xxx in the pattern")
    return _BY_ABBREVIATION[short]
