"""`xmp:MetadataDate`: when the metadata were last changed. Programs that compare it see that we did."""

from datetime import datetime

from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import XMP


def metadata_date(document: Document) -> dict[str, str]:
    """The property to set in a document that is being changed, in Clark notation; empty where it stays.

    Where a document has no date it gets none, so that what we write does not depend on when. A date never goes back,
    whatever the clock says.
    """
    found = document.get("MetadataDate", XMP)
    if found is None:
        return {}
    now = _now()
    earlier = _parse(found, now)
    later = earlier is None or earlier < now
    return {f"{{{XMP}}}MetadataDate": now.isoformat(timespec="seconds")} if later else {}


def _parse(text: str, now: datetime) -> datetime | None:
    """The date that a text spells, in the zone of `now` where it names none; None where it is none, or half of one."""
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=now.tzinfo)


def _now() -> datetime:
    """The time now, local, as Camera Raw spells it."""
    return datetime.now().astimezone().replace(microsecond=0)
