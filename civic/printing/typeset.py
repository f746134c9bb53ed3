"""Sets one PDF, as a process of its own: what the typesetter remembers ends with it.

Run as `python -m civic.printing.typeset TEMPLATE`: the data as JSON on standard input, the PDF on standard output. It
knows neither the application nor the database.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

#: A file of sheets is set in about a second, a report of two thousand contributions in a few.
SECONDS = 120
#: Signs no font of ours has are tried away a block at a time; so often is more than there are blocks.
TRIES = 150
#: What stands for a sign that cannot be printed, like a picture of a face.
UNPRINTABLE = "\u25a1"

_REFUSED = re.compile(r"the text `(\".*?\")` could not be displayed", re.DOTALL)
#: From here on there are other scripts and pictures, none of which our fonts have.
_FOREIGN = 0x3000


def pdf(template: Path, data: str) -> bytes:
    """A tagged PDF (PDF/UA-1) of what `data`, JSON, describes. Raises RuntimeError when the typesetter refuses."""
    import typst

    source = template.read_bytes()
    for _try in range(TRIES):
        try:
            made: bytes = typst.compile(
                source,
                format="pdf",
                pdf_standards=["ua-1"],
                sys_inputs={"data": data},
                ignore_system_fonts=True,
            )
        except RuntimeError as error:
            refused = _REFUSED.search(str(error))
            if refused is None:
                raise
            data = without(data, _said(refused.group(1)))
        else:
            return made
    raise RuntimeError("the text has too many signs that no font has")


def _said(quoted: str) -> str:
    """The text a refusal names, out of its quotes and escapes."""
    spelled = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda found: chr(int(found.group(1), 16)), quoted[1:-1])
    return spelled.replace('\\"', '"').replace("\\\\", "\\")


def without(data: str, refused: str) -> str:
    """JSON whose texts have a mark instead of the refused signs and of those beside them in their alphabet.

    >>> without('{"t": "Bravo \\\\ud83d\\\\ude00!"}', "\\U0001f600")
    '{"t": "Bravo \\u25a1!"}'
    """
    blocks = {ord(sign) // 128 for sign in refused if ord(sign) > 127 and sign != UNPRINTABLE}
    if not blocks:
        raise RuntimeError("the typesetter refused a text of plain letters")
    foreign = any(block * 128 >= _FOREIGN for block in blocks)

    def printable(sign: str) -> str:
        code = ord(sign)
        gone = code // 128 in blocks or (foreign and code >= _FOREIGN)
        return UNPRINTABLE if gone and sign != UNPRINTABLE else sign

    return "".join(printable(sign) for sign in json.dumps(json.loads(data), ensure_ascii=False))


def pdf_apart(template: Path, data: str) -> bytes:
    """The same, made by a child process. Raises RuntimeError when the typesetter refuses or takes too long."""
    try:
        ran = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "civic.printing.typeset", str(template)],
            input=data.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd=Path(__file__).resolve().parents[2],
        )
    except subprocess.TimeoutExpired as error:
        raise RuntimeError("the typesetter took too long") from error
    if ran.returncode:
        raise RuntimeError(f"the file could not be set: {ran.stderr.decode(errors='replace')[-300:]}")
    return ran.stdout


if __name__ == "__main__":
    sys.stdout.buffer.write(pdf(Path(sys.argv[1]), sys.stdin.buffer.read().decode()))
