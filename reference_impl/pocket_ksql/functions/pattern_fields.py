"""What the fields that a text gives mean together: a day, a time of day.

Fields are named by the letter of Java's patterns. Those that say the same in other words (a date and the day of the
week) must agree, as in Java.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from pocket_ksql import temporal
from pocket_ksql.functions.patterns import SHORT_DAYS, SHORT_MONTHS, day_of_week, period_of, week_of, week_of_month


def day_of(said: dict[str, str]) -> int:
    """The day since 1970; what is not said is 1970-01-01. Raises ``ValueError``."""
    if "Y" in said and "w" in said and said.keys() & {"e", "E"} and not said.keys() & set("yuMDd"):
        return _day_of_week(said)
    year, later = temporal.near_year(_year_of(said))
    if "D" in said:
        first = date(year, 1, 1)
        day = first + timedelta(days=_within("DayOfYear", said["D"], 1, 366) - 1)
        if day.year != year:
            raise ValueError(f"Invalid date 'DayOfYear {said['D']}' as '{year + later}' is not a leap year")
    else:
        month_text = said.get("M", "1")
        number = month_text if month_text.isdigit() else SHORT_MONTHS.index(month_text[:3].title()) + 1
        month = _within("MonthOfYear", number, 1, 12)
        day_of_month = _within("DayOfMonth", said.get("d", 1), 1, 31)
        day = date(year, month, min(day_of_month, calendar.monthrange(year, month)[1]))
    _check_other_words(said, day)
    return temporal.days_of(day, later)


def _check_other_words(said: dict[str, str], day: date) -> None:
    """Raise ``ValueError`` where the text says of a day in other words what it is not."""
    if "E" in said and SHORT_DAYS[day.weekday()] != said["E"][:3].title():
        raise ValueError(f"Conflict found: {day} is not a {said['E']}")
    if "Q" in said and (day.month + 2) // 3 != int(re.sub(r"\D", "", said["Q"])):
        raise ValueError(f"Conflict found: {day} is not in quarter {said['Q']}")
    numbers = {
        "e": (day_of_week(day), "day of the week"),
        "F": ((day.day - 1) % 7 + 1, "day of the weeks that begin with its month"),
        "w": (week_of(day)[1], "week of the year"),
        "W": (week_of_month(day), "week of the month"),
    }
    for letter, (number, words) in numbers.items():
        if letter in said and int(said[letter]) != number:
            raise ValueError(f"Conflict found: {day} has {number} as its {words}, not {said[letter]}")


def _day_of_week(said: dict[str, str]) -> int:
    """The day of a week of a year; the first week is that of January 1st, and weeks begin on Sunday."""
    year, later = temporal.near_year(int(said["Y"]) + (2000 if len(said["Y"]) == 2 else 0))
    first = date(year, 1, 1)
    number = int(said["e"]) if "e" in said else (SHORT_DAYS.index(said["E"][:3].title()) + 1) % 7 + 1
    days = 7 * (_within("WeekOfWeekBasedYear", said["w"], 1, 53) - 1) + number - day_of_week(first)
    return temporal.days_of(first + timedelta(days=days), later)


def _year_of(said: dict[str, str]) -> int:
    if "y" not in said:
        text = said.get("u", "1970")
        return int(text) + (2000 if len(text) == 2 else 0)
    text = said["y"]
    year = _within("YearOfEra", int(text) + (2000 if len(text) == 2 else 0), 1, 999_999_999)
    return 1 - year if said.get("G", "A")[0].upper() == "B" else year


def time_of(said: dict[str, str]) -> int:
    """The milliseconds since midnight, at most a whole day; what is not said is zero. Raises ``ValueError``."""
    if "A" in said:
        return _within("MilliOfDay", said["A"], 0, temporal.DAY - 1)
    if "N" in said:
        return _within("NanoOfDay", said["N"], 0, temporal.DAY * 1_000_000 - 1) // 1_000_000
    minute = _within("MinuteOfHour", said.get("m", 0), 0, 59)
    hour = _hour_in_period(said, minute) if "B" in said else _hour(said)
    second = _within("SecondOfMinute", said.get("s", 0), 0, 59)
    fraction = int(said["n"]) // 1_000_000 if "n" in said else int(said.get("S", "0").ljust(3, "0")[:3])
    if hour == 24 and (minute or second or fraction):
        raise ValueError("Invalid value for HourOfDay (valid values 0 - 23): 24")
    return ((hour * 60 + minute) * 60 + second) * 1000 + fraction


def _hour(said: dict[str, str]) -> int:
    """Of a day; 24 is the midnight at its end."""
    afternoon = 12 if said.get("a", "").lower() == "pm" else 0
    if "h" in said:
        return _within("ClockHourOfAmPm", said["h"], 0, 12) % 12 + afternoon
    if "K" in said:
        return _within("HourOfAmPm", said["K"], 0, 11) + afternoon
    if "k" in said:
        return _within("ClockHourOfDay", said["k"], 0, 24) % 24
    return _within("HourOfDay", said.get("H", 0), 0, 24)


def _hour_in_period(said: dict[str, str], minute: int) -> int:
    """The hour that lies in the part of the day that the text names."""
    hour, period = _hour(said), said["B"].lower()
    hours = (hour, hour + 12) if "a" not in said and said.keys() & set("hK") else (hour,)
    for one in hours:
        if period in (period_of(one, minute), period_of(one, minute, is_narrow=True)):
            return one
    raise ValueError(f"Conflict found: {hours[0]}:{minute:02} is not {period}")


def _within(field: str, value: str | int, low: int, high: int) -> int:
    if not low <= int(value) <= high:
        raise ValueError(f"Invalid value for {field} (valid values {low} - {high}): {value}")
    return int(value)
