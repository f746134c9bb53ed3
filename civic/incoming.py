"""What every request is freed of before a view reads it: marks that no page may show and no row can keep."""

from functools import cached_property
from typing import Any
from urllib.parse import quote

from flask import Request
from werkzeug.datastructures import MultiDict

from civic.text import without_controls


class CleanRequest(Request):
    """A request whose fields and query values hold no control characters, so that a form may show them again.

    A query with bytes that are no UTF-8 is read with these bytes still percent-encoded.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        try:
            self.query_string.decode()
        except UnicodeDecodeError:
            self.query_string = quote(self.query_string, safe="%&=+;/?:@!$'()*,-._~").encode()
        while b"%00" in self.query_string:  # links back to the page repeat the query as it came
            self.query_string = self.query_string.replace(b"%00", b"")

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The query's values."""
        return self._clean(super().args)

    def _load_form_data(self) -> None:
        if "form" not in self.__dict__:
            super()._load_form_data()
            self.__dict__["form"] = self._clean(self.__dict__["form"])

    def _clean(self, values: MultiDict[str, str]) -> MultiDict[str, str]:
        storage = self.parameter_storage_class
        return storage([(key, without_controls(value)) for key, value in values.items(multi=True)])
