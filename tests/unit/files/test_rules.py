"""Names of uploads and sizes of images."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.files.rules import clean_name, extension_of, fit


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Ana\\Plan ș.PDF", "Plan ș.pdf"),
        ("plan.php.pdf", "plan.php.pdf"),
        ("plan.pdf.exe", "plan.pdf.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        ('a"; filename="b.html', "a filename= b.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("x" * 400 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_odd_names_are_made_plain(raw: str, expected: str) -> None:
    assert clean_name(raw, "pdf", "document") == expected


@given(st.text(max_size=300))
def test_no_name_escapes_a_folder_or_a_header(raw: str) -> None:
    name = clean_name(raw, "pdf", "document")
    assert name.endswith(".pdf")
    assert not set('/\\"<>\r\n\x00') & set(name)
    assert not name.startswith(".")
    assert clean_name(name, "pdf", "document") == name


def test_extension() -> None:
    assert extension_of("a.JPG") == "jpg"
    assert extension_of(".htaccess") == ""
    assert extension_of("fără") == ""


@given(st.integers(1, 40_000), st.integers(1, 40_000), st.sampled_from([640, 2000]))
def test_an_image_is_never_enlarged_and_always_fits(width: int, height: int, side: int) -> None:
    new_width, new_height = fit(width, height, side)
    assert 1 <= new_width <= min(width, side)
    assert 1 <= new_height <= min(height, side)
    if max(width, height) <= side:
        assert (new_width, new_height) == (width, height)
