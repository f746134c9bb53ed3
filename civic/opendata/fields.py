"""Fields that many kinds of things have, said once."""

from flask_babel import lazy_gettext as _l

from civic.opendata.resources import Field

NUMBER = Field("id", "number", _l("Its number, which never changes"))
PAGE_ADDRESS = Field("url", "address", _l("Its page"))
#: A point that may be unknown.
LATITUDE = Field("latitude", "coordinate", _l("Its point, degrees north"), optional=True)
LONGITUDE = Field("longitude", "coordinate", _l("Its point, degrees east"), optional=True)
CHANGED_AT = Field("changed_at", "moment", _l("When it last changed"))
CURRENCY = Field("currency", "text", _l("Currency of the amounts, ISO 4217"))
#: Where an imported row stands, and what whoever brought it in doubts.
SOURCE_REFERENCE = Field("source_reference", "text", _l("The document and lines it was taken from"))
NOTE = Field("note", "text", _l("What is doubtful about it"))
