"""The report as one page for a browser: nothing is loaded, nothing runs, and every text is only text."""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from html import escape

from assistant.safe_text import safe_text
from assistant.simulate.result import Played, Question, Range, Report, Result, Run

_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8886 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .5rem; border: 1px solid #8886 }
code { overflow-wrap: anywhere }
section { margin: 0 0 1rem; padding: 0 0 0 1rem; border-left: 3px solid #8886 }
.failed { font-weight: bold }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def page(document: Report) -> str:
    """The HTML page."""
    title = f"{document.passed} of {document.of} passed"
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>Chartside simulate: {title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
            f"<h1>{title}</h1>",
            f"<p>Chartside {_(document.chartside)}, started {_(document.timing.started)}, "
            f"{document.timing.total:.1f} s, each question {_times(document.times)}.</p>",
            *(line for session in document.sessions for line in _session(session)),
            "</body>\n</html>\n",
        )
    )


def _session(session: Played) -> Iterator[str]:
    yield f"<h2>{_(session.name)}: {session.passed} of {session.of} passed</h2>"
    today = f", as of {_(session.today)}" if session.today else ""
    records = session.records.new + session.records.merged
    yield f"<p>{_(session.file)}, {records} records{today}. SHA-256 <code>{_(session.sha256)}</code></p>"
    yield "<table><tr><th>Destination</th><th>Model</th><th>Where</th></tr>"
    for place in session.destinations:
        where = "this computer" if place.stays_here else place.host or ""
        yield _row(place.id, f"{place.model} ({place.adapter})", where)
    yield "</table>\n<table>"
    yield "<tr><th>Question</th><th>Asked of</th><th>Passed</th><th>Different answers</th>"
    yield "<th>First piece, s</th><th>Whole, s</th><th>Tokens in</th><th>Tokens out</th><th>US $</th></tr>"
    for question in session.questions:
        for result in question.results:
            yield _summary(question, result)
    yield "</table>"
    for question in session.questions:
        yield f"<h3>{question.n}. {_(question.ask)}</h3>"
        yield from (line for result in question.results for run in result.runs for line in _run(result, run))


def _summary(question: Question, result: Result) -> str:
    spread = result.spread
    return _row(
        f"{question.n}. {question.ask}",
        result.to,
        f"{'✓' if result.passed == result.of else '✗'} {result.passed} of {result.of}",
        str(spread.answers),
        _range(spread.timing.first, 3),
        _range(spread.timing.total, 3),
        _range(spread.input, 0),
        _range(spread.output, 0),
        "" if spread.cost is None else f"{spread.cost:.4f}",
    )


def _run(result: Result, run: Run) -> Iterator[str]:
    verdict = "✓ passed" if run.passed else "✗ failed"
    yield f"<section><h4>{_(result.to)}, run {run.run}: {verdict} ({_(run.state)})</h4>"
    if run.reasons:
        yield _list(run.reasons, "failed")
    if run.why is not None and run.passed:
        yield f"<p>Nothing was sent: {_(run.why)}</p>"
    if run.answer is not None:
        yield f"<pre>{_(run.answer)}</pre>"
    if run.failure is not None:
        yield f"<p>{_(run.failure.title)}. {_(run.failure.text)} {_(run.failure.next)}</p>"
    yield _list([f"[{cited.ref}] {cited.text}" for cited in run.citations])
    yield _list(run.warnings)
    for message in run.sent:
        yield (
            f"<details><summary>Sent: {len(message.records)} records, {len(message.facts)} facts, "
            f"{message.bytes} bytes, SHA-256 <code>{_(message.sha256)}</code></summary>"
        )
        yield _list([f"{line.ref} {line.text}" for line in (*message.facts, *message.records)])
        yield "</details>"
    yield "</section>"


def _list(texts: Iterable[str], kind: str = "") -> str:
    entries = "".join(f"<li>{_(text)}</li>" for text in texts)
    marked = f' class="{kind}"' if kind else ""
    return f"<ul{marked}>{entries}</ul>" if entries else ""


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{_(cell)}</td>" for cell in cells) + "</tr>"


def _range(found: Range | None, digits: int) -> str:
    """`0.2 – 0.3 – 0.9`: the least, the median, the most."""
    if found is None:
        return ""
    if found.min == found.max:
        return f"{found.min:.{digits}f}"
    return f"{found.min:.{digits}f} – {found.median:.{digits}f} – {found.max:.{digits}f}"


def _times(times: int) -> str:
    return "once" if times == 1 else f"{times} times"


def _(text: str) -> str:
    """Foreign text as text."""
    return escape(safe_text(text))
