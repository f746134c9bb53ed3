"""Reports in words."""

from flask_babel import lazy_gettext as _l

FORMAT_WORDS = {
    "pdf": _l("The whole report, to read and print (tagged PDF)"),
    "xlsx": _l("The tables of the report (XLSX)"),
}
