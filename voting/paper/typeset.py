"""Sets one file of sheets, as a process of its own: what the typesetter remembers ends with it.

Run as `python -m voting.paper.typeset`: the data as JSON on standard input, the PDF on standard output. It knows
neither the application nor the database.
"""

import subprocess
import sys
from pathlib import Path

TEMPLATE = Path(__file__).with_name("sheet.typ")
#: A file of sheets is set in about a second.
SECONDS = 120


def pdf(data: str) -> bytes:
    """A tagged PDF (PDF/UA-1) of the sheets that `data`, JSON, describes. Titles are data and never markup."""
    import typst

    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": data},
        ignore_system_fonts=True,
    )
    return made


def pdf_apart(data: str) -> bytes:
    """The same, made by a child process. Raises RuntimeError when the typesetter refuses."""
    ran = subprocess.run(
        [sys.executable, "-m", "voting.paper.typeset"],
        input=data.encode(),
        capture_output=True,
        timeout=SECONDS,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
    )
    if ran.returncode:
        raise RuntimeError(f"the sheets could not be set: {ran.stderr.decode(errors='replace')[-300:]}")
    return ran.stdout


if __name__ == "__main__":
    sys.stdout.buffer.write(pdf(sys.stdin.read()))
