"""Names the contents that TID2013, LIVE and UPIQ share: photographs of the Kodak set (PhotoCD PCD0992)."""

LIVE = (
    *("bikes", "building2", "buildings", "caps", "carnivaldolls", "cemetry", "churchandcapitol", "coinsinfountain"),
    *("dancers", "flowersonih35", "house", "lighthouse", "lighthouse2", "manfishing", "monarch", "ocean"),
    *("paintedhouse", "parrots", "plane", "rapids", "sailing1", "sailing2", "sailing3", "sailing4", "statue"),
    *("stream", "studentsculpture", "woman", "womanhat"),
)
"""References of LIVE in the order in which UPIQ numbers them."""
_LIVE_TO_TID = {
    "bikes": 5,
    "buildings": 8,
    "caps": 3,
    "house": 22,
    "lighthouse": 19,
    "lighthouse2": 21,
    "ocean": 16,
    "paintedhouse": 24,
    "parrots": 23,
    "plane": 20,
    "rapids": 14,
    "sailing1": 6,
    "sailing2": 9,
    "sailing3": 10,
    "sailing4": 11,
    "statue": 17,
    "stream": 13,
    "woman": 18,
    "womanhat": 4,
}
"""Number in TID2013, and in the Kodak set, of each reference of LIVE that is in it too."""


def tid_content(number: int) -> str:
    """Returns the content of a reference of TID2013: 1 to 24 are the Kodak set's, 25 is made by computer."""
    return f"kodak-{number:02}" if number <= 24 else f"tid2013-{number:02}"


def live_content(name: str) -> str:
    """Returns the content of a reference of LIVE, by its file name without suffix."""
    number = _LIVE_TO_TID.get(name.lower())
    return f"live-{name.lower()}" if number is None else tid_content(number)
