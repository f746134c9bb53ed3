"""Fields that many kinds of things have, said once."""

from flask_babel import lazy_gettext as _l

from civic.opendata.resources import Field

NUMBER = Field("id", "number", _l("Its number, which never changes"))
PAGE_ADDRESS = Field("url", "address", _l("Its page"))
#: A point that may be unknown.
LATITUDE = Field("latitude", "coordinate", _l("Its point, degrees north"), optional=True)
LONGITUDE = Field("longitude", "coordinate", _l("Its point, degrees east"), optional=True)
CHANGED_AT = Field("changed_at", "moment", _l("When it last changed"))
