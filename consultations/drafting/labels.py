"""How the parts of a draft's text and the steps of its life are called."""

from flask_babel import lazy_gettext as _l

KINDS = {
    "title": _l("Title"),
    "chapter": _l("Chapter"),
    "subsection": _l("Section"),
    "article": _l("Article"),
    "paragraph": _l("Paragraph"),
    "point": _l("Point of a list"),
    "row": _l("Row of a table"),
}

SOURCES = {
    "docx": _l("A Word file (.docx)"),
    "text": _l("Pasted text"),
    "markdown": _l("Pasted text in Markdown"),
}

ANNOTATIONS = {"comment": _l("A comment"), "replacement": _l("Another wording")}

#: what the public history of a consultation says
SENTENCES = {"draft.edition": _l("Edition %(number)s of the text was published")}
