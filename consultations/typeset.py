"""A text as an accessible PDF: what enters a consultation's file without having been a file before."""

import io

from werkzeug.datastructures import FileStorage

#: A page of a document: its title and its paragraphs.
_PAGE = """
#set document(title: sys.inputs.title)
#set page(margin: 2.5cm)
#set text(lang: "ro", size: 12pt)
#set par(justify: true)
= #sys.inputs.title
#for paragraph in sys.inputs.text.split("\\n") [#par(paragraph)]
"""


def pdf(title: str, paragraphs: list[str]) -> FileStorage:
    """A document as a form would send it."""
    import typst

    made: bytes = typst.compile(
        _PAGE.encode(), format="pdf", pdf_standards=["ua-1"],
        sys_inputs={"title": title, "text": "\n".join(paragraphs)},
    )  # fmt: skip
    return FileStorage(io.BytesIO(made), filename=f"{title}.pdf", content_type="application/pdf")
