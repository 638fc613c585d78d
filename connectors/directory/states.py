"""The states of the United States and what belongs to them, as lists write them."""

import re

STATES: dict[str, str] = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "PR": "Puerto Rico",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VI": "Virgin Islands",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
    "GU": "Guam",
    "AS": "American Samoa",
    "MP": "Northern Mariana Islands",
}
"""Postal code to name."""

_BY_NAME = {name.lower(): code for code, name in STATES.items()}
_IN_FRONT = re.compile(r"([A-Z]{2}) - (?=\S)")
_FIVE = re.compile(r"(\d{5})(?:-?\d{4})?(?!\d)")
_FOUR = re.compile(r"\d{4}")
_ABROAD = re.compile(r"(?=.*\d)[A-Za-z][A-Za-z0-9 -]{2,9}")


def state_code(text: str) -> str:
    """A state's two letters from its code or its name; anything else unchanged."""
    text = text.strip()
    upper = text.upper()
    return upper if upper in STATES else _BY_NAME.get(text.lower(), text)


def state_in_front(name: str) -> tuple[str, str]:
    """A name as `NJ - Ocean Allergy` apart: the state, or nothing, and the rest."""
    found = _IN_FRONT.match(name)
    if found and found[1] in STATES:
        return found[1], name[found.end() :]
    return "", name


def zip_code(text: str) -> str:
    """A postal code: five digits, or one from abroad as it is; nothing where it can't be one.

    A leading zero that a spreadsheet took away is put back.
    """
    text = text.strip()
    if found := _FIVE.match(text):
        return found[1]
    if _FOUR.fullmatch(text):
        return f"0{text}"
    return text if _ABROAD.fullmatch(text) else ""
