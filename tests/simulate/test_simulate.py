"""`simulate` runs a session, reports it, and touches nothing of the patient's."""

import json
import re
import stat
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.conftest import ROOT
from tests.simulate.conftest import Run, Write, runs_of, without_timing

ASK = '[[questions]]\nask = "What was my last LDL?"\n'
SHARED = '[[grants]]\nto = ["scripted"]\ncategories = ["labs"]\n'


def scripted(*replies: str) -> str:
    return f'[[destinations]]\nid = "fixed"\nadapter = "scripted"\nreplies = {json.dumps(replies)}\n'


def documented() -> str:
    (example,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs/simulate.md").read_text(), re.DOTALL)
    return str(example)


def test_the_documented_example_runs(run: Run, tmp_path: Path) -> None:
    (tmp_path / "latest.toml").write_text(documented())
    ran = run("simulate", str(tmp_path / "latest.toml"))
    assert ran.code == 0, ran.out
    assert ran.document["passed"] == ran.document["of"] == 6
    assert runs_of(ran.document, "fixed", 2)[0]["answer"] == "Before that it was 101 mg/dL [2]."


def test_the_documented_commands_run(run: Run, tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "latest.toml").write_text(documented())
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/simulate.md").read_text(), re.DOTALL)
    for command in block.strip().splitlines():
        assert run(*command.split()[1:], plain=True).code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        f"report.{e}" for e in ("json", "xml", "html")
    }


def test_every_key_is_documented() -> None:
    from assistant.simulate import result, session_file

    text = (ROOT / "docs/simulate.md").read_text()
    for table in (
        session_file.Session,
        session_file.NewDestination,
        session_file.NewGrant,
        session_file.NewQuestion,
        session_file.Expect,
    ):
        assert all(f"`{key}`" in text or f"`[[{key}]]`" in text for key in table.__struct_fields__)
    for part in (result.Report, result.Played, result.Question, result.Result, result.Run, result.Message):
        assert all(f'"{key}"' in text for key in part.__struct_fields__)


def test_a_json_session_is_like_a_toml_one(run: Run, write: Write) -> None:
    expect = {"says": ["96 mg/dL"], "sends_not": ["Atorvastatin"]}
    document = {
        "today": "2026-11-22",
        "records": ["chart.json"],
        "grants": [{"to": ["scripted"], "categories": ["labs"]}],
        "questions": [{"ask": "What was my last LDL?", "expect": expect}],
    }
    says = '[questions.expect]\nsays = ["96 mg/dL"]\nsends_not = ["Atorvastatin"]\n'
    one = run("simulate", str(write(document)))
    other = run("simulate", str(write(SHARED + ASK + says)))
    assert one.code == other.code == 0
    assert one.document["sessions"][0]["questions"][0]["expect"]["says"] == ["96 mg/dL"]
    for to in ("offline", "scripted"):
        assert without_timing(runs_of(one.document, to)) == without_timing(runs_of(other.document, to))


def test_two_runs_differ_in_their_timings_only(run: Run, write: Write, tmp_path: Path) -> None:
    path = write(SHARED + ASK + '[[questions]]\nask = "And before that?"\nfollows = true\n')
    written: list[Any] = []
    for name in ("one", "two"):
        ran = run("simulate", str(path), "--times", "2", "--report", str(tmp_path / name))
        assert ran.code == 0, ran.out
        assert json.loads((tmp_path / name / "report.json").read_text()) == ran.document
        xml = re.sub(r' time="[\d.]+"', "", (tmp_path / name / "report.xml").read_text())
        written.append((json.dumps(without_timing(ran.document)), xml))
    assert written[0] == written[1]
    assert "timing" not in written[0][0]


def test_times_shows_the_spread(run: Run, write: Write) -> None:
    grant = '[[grants]]\ncategories = ["labs"]\n'
    expect = 'to = ["fixed"]\n[questions.expect]\nsays = ["96 mg/dL"]\nunsupported = 0\n'
    replies = ("96 mg/dL [1].", "97 mg/dL.", "It was 96 mg/dL [1].")
    ran = run("simulate", str(write(scripted(*replies) + grant + ASK + expect)), "--times", "3")
    assert ran.code == 1
    assert "1 of 3 runs did not pass" in ran.document["error"]["text"]
    (result,) = ran.document["sessions"][0]["questions"][0]["results"]
    assert (result["passed"], result["of"], result["spread"]["answers"]) == (2, 3, 3)
    assert [one["answer"] for one in result["runs"]] == list(replies)
    seconds = result["spread"]["timing"]["total"]
    assert 0 < seconds["min"] <= seconds["median"] <= seconds["max"]
    wrong = result["runs"][1]
    assert wrong["unsupported"] == ["97"]
    assert len(wrong["reasons"]) == 2
    assert len({one["sent"][0]["sha256"] for one in result["runs"]}) == 1


def test_replies_begin_again(run: Run, write: Write) -> None:
    grant = "[[grants]]\ncategories = []\n"
    text = scripted("one", "two") + grant + (ASK + 'to = ["fixed"]\n') * 2
    ran = run("simulate", str(write(text)), "--times", "2")
    assert ran.code == 0
    assert [one["answer"] for one in runs_of(ran.document, "fixed", 1)] == ["one", "one"]
    assert [one["answer"] for one in runs_of(ran.document, "fixed", 2)] == ["two", "two"]


def test_a_failed_expectation_is_a_junit_failure(run: Run, write: Write, tmp_path: Path) -> None:
    text = SHARED + ASK + '[questions.expect]\nsays = ["147 mg/dL"]\n' + ASK
    ran = run("simulate", str(write(text)), "--times", "2", "--report", str(tmp_path / "out"))
    assert ran.code == 1
    root = ElementTree.parse(tmp_path / "out" / "report.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("8", "4", "0")
    suites = root.findall("testsuite")
    assert [suite.get("name") for suite in suites] == ["session: offline", "session: scripted"]
    for suite in suites:
        cases = suite.findall("testcase")
        assert [case.get("name") for case in cases] == [
            f"{n}. What was my last LDL? (run {time})" for n in (1, 2) for time in (1, 2)
        ]
        failures = [case.find("failure") for case in cases]
        assert [failure is not None for failure in failures] == [True, True, False, False]
        assert failures[0] is not None
        assert failures[0].get("message") == "“147 mg/dL” does not stand in the answer."
    for path in (tmp_path / "out").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_model_that_fails_is_reported(run: Run, write: Write, tmp_path: Path) -> None:
    # Port 9 of this computer: nobody answers there.
    model = (
        '[[destinations]]\nid = "gone"\nadapter = "openai"\nmodel = "m"\nbase_url = "http://127.0.0.1:9/v1"\n'
        '[[grants]]\nto = ["gone"]\ncategories = ["labs"]\n'
    )
    ran = run("simulate", str(write(model + ASK)), "--report", str(tmp_path / "out"))
    assert ran.code == 1
    (failed,) = runs_of(ran.document, "gone")
    assert failed["state"] == "failed"
    assert failed["failure"]["title"] == "The model can't be reached"
    assert failed["sent"] == []
    assert runs_of(ran.document, "offline")[0]["passed"]
    case = ElementTree.parse(tmp_path / "out" / "report.xml").getroot().findall(".//testcase")[1]
    assert case.find("error") is not None


def test_nothing_is_sent_without_a_grant(run: Run, write: Write) -> None:
    expect = '[questions.expect]\nsends_not = ["96", "Atorvastatin"]\n'
    ran = run("simulate", str(write(ASK + 'to = ["scripted"]\n' + expect + ASK + 'to = ["scripted"]\n')))
    assert ran.code == 1
    silent, unanswered = runs_of(ran.document, "scripted"), runs_of(ran.document, "scripted", 2)
    assert silent[0]["passed"]
    assert silent[0]["sent"] == []
    assert silent[0]["state"] == "not sent"
    assert unanswered[0]["reasons"] == ["Nothing was sent: the file has no grant for scripted."]

    ran = run("simulate", str(write(ASK + 'to = ["scripted"]\nexpect = {not_sent = true}\n')))
    assert ran.code == 0


def test_a_grant_shares_what_it_says_and_no_more(run: Run, write: Write) -> None:
    text = (
        '[[grants]]\nto = ["scripted"]\ncategories = ["labs"]\nsince = 2020\nsource = "chart.json"\n'
        '[[questions]]\nask = "How has my LDL changed?"\nto = ["scripted"]\n'
        '[questions.expect]\nsends = ["96 mg/dL"]\nsends_not = ["148"]\n'
        '[[questions]]\nask = "Which medicines do I take now?"\nto = ["scripted"]\n'
        '[questions.expect]\nsends_not = ["Atorvastatin"]\n'
    )
    ran = run("simulate", str(write(text)))
    assert ran.code == 0, ran.out
    for same in ('"2020"', '"2020-01"', "2020-01-01"):
        assert run("simulate", str(write(text.replace("since = 2020", f"since = {same}")))).code == 0
    ran = run("simulate", str(write(text.replace("since = 2020\n", ""))))
    assert ran.code == 1
    assert runs_of(ran.document, "scripted")[0]["reasons"] == ["“148” stands in what was sent."]


def test_an_empty_grant_lets_ask_without_records(run: Run, write: Write) -> None:
    text = '[[grants]]\nto = ["scripted"]\ncategories = []\n' + ASK + 'to = ["scripted"]\n'
    ran = run("simulate", str(write(text)))
    assert ran.code == 0
    (asked,) = runs_of(ran.document, "scripted")
    assert asked["sent"][0]["records"] == []


def test_a_question_that_follows_goes_on_in_the_chat(run: Run, write: Write) -> None:
    before = '[[questions]]\nask = "And before that?"\nfollows = true\nexpect = {says = ["148 mg/dL"]}\n'
    ran = run("simulate", str(write(ASK + before)), "--times", "2")
    assert ran.code == 0, ran.out
    assert run("simulate", str(write(ASK + before.replace("follows = true", "")))).code == 1


def test_to_narrows(run: Run, write: Write) -> None:
    ran = run("simulate", str(write(SHARED + ASK)), "--to", "scripted")
    assert [place["id"] for place in ran.document["sessions"][0]["destinations"]] == ["scripted"]
    assert ran.document["of"] == 1


def test_several_files_make_one_report(run: Run, write: Write) -> None:
    ran = run("simulate", str(write(ASK, "one")), str(write(SHARED + ASK, "two")))
    assert ran.code == 0
    assert [session["name"] for session in ran.document["sessions"]] == ["one", "two"]
    assert "two: scripted, 1 of 1, question 1: passed" in ran.err


def test_records_that_cannot_be_read_end_it(run: Run, write: Write, chart: Path) -> None:
    path = write(ASK)
    chart.write_text("no records")
    ran = run("simulate", str(path))
    assert ran.code == 1
    assert "nothing in its records could be used" in ran.document["error"]["text"]


def test_the_vault_of_the_patient_is_not_touched(run: Run, write: Write, home: Path) -> None:
    assert run("simulate", str(write(SHARED + ASK))).code == 0
    assert not home.exists()
    assert run("init").code == 0
    before = {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in home.rglob("*") if path.is_file()
    }
    assert run("simulate", str(write(SHARED + ASK))).code == 0
    assert before == {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in home.rglob("*") if path.is_file()
    }


def test_the_vault_of_the_session_is_gone_afterwards(
    run: Run, write: Write, tmp_path: Path, monkeypatch: Any
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    assert run("simulate", str(write(ASK))).code == 0
    assert list((tmp_path / "temporary").iterdir()) == []
