"""The report as JUnit XML: a test suite for each session and destination, a test case for each question and
run. What did not hold is a `failure`, a model that did not answer an `error`.
"""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from assistant.safe_text import MARK, safe_line, safe_text
from assistant.simulate.result import Place, Played, Question, Report, Run

_NO_XML = re.compile("[\ufffe\uffff]")
"""What `safe_text` lets pass and XML 1.0 does not."""


def junit(document: Report) -> bytes:
    """The XML file."""
    root = ElementTree.Element("testsuites", name="chartside simulate")
    for session in document.sessions:
        for place in session.destinations:
            root.append(_suite(session, place))
    _count(root, [run for session in document.sessions for run in _all_runs(session.questions)])
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite(session: Played, place: Place) -> ElementTree.Element:
    name = _line(f"{session.name}: {place.id}")
    suite = ElementTree.Element("testsuite", name=name)
    _count(suite, _all_runs(session.questions, place.id))
    for question in session.questions:
        for result in question.results:
            if result.to == place.id:
                suite.extend([_case(question, run, name) for run in result.runs])
    return suite


def _case(question: Question, run: Run, suite: str) -> ElementTree.Element:
    name = _line(f"{question.n}. {question.ask} (run {run.run})")
    case = ElementTree.Element("testcase", classname=suite, name=name, time=_seconds(run.timing.total))
    if run.failure is not None:
        told = _line(f"{run.failure.title}. {run.failure.text}")
        error = ElementTree.SubElement(case, "error", type="model", message=told)
        error.text = _text("\n".join(run.reasons))
    elif run.reasons:
        told = _line(run.reasons[0])
        failure = ElementTree.SubElement(case, "failure", type="expectation", message=told)
        failure.text = _text("\n".join(run.reasons))
    if run.answer is not None:
        ElementTree.SubElement(case, "system-out").text = _text(run.answer)
    return case


def _count(element: ElementTree.Element, runs: Sequence[Run]) -> None:
    element.set("tests", str(len(runs)))
    element.set("failures", str(sum(run.failure is None and not run.passed for run in runs)))
    element.set("errors", str(sum(run.failure is not None for run in runs)))
    element.set("time", _seconds(sum(run.timing.total for run in runs)))


def _all_runs(questions: Sequence[Question], to: str | None = None) -> list[Run]:
    results = (result for question in questions for result in question.results)
    return [run for result in results if to in (None, result.to) for run in result.runs]


def _seconds(seconds: float) -> str:
    return f"{seconds:.4f}"


def _line(text: str) -> str:
    return _NO_XML.sub(MARK, safe_line(text))


def _text(text: str) -> str:
    return _NO_XML.sub(MARK, safe_text(text))
