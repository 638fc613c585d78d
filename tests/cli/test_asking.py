"""Sharing and asking, as the contract has them."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran, Run


def body(ran: Ran) -> Any:
    return json.loads(ran.document["outgoing"]["body"])


def test_a_value_its_unit_its_date_and_its_record(run: Run, chart: Path) -> None:
    ran = run("ask", "What was my last LDL?")
    answer = ran.document["answer"]
    assert answer["text"].startswith("55 mg/dL on 3 Mar 2026")
    cited = run("record", answer["citations"][0]["record"], "--raw").document["raws"][0]
    assert json.loads(cited["resource"])["id"] == "s1"
    assert all(number["ok"] for number in answer["numbers"])


def test_what_is_shown_is_what_is_hashed_and_what_the_ledger_holds(run: Run, chart: Path) -> None:
    ran = run("ask", "What was my last LDL?")
    outgoing = ran.document["outgoing"]
    assert outgoing["sha256"] == hashlib.sha256(outgoing["body"].encode()).hexdigest()
    assert (outgoing["method"], outgoing["url"]) == ("LOCAL", "offline:")
    entries = run("ledger").document["entries"]
    assert [e["kind"] for e in entries if e["sha256"] == outgoing["sha256"]] == ["intent", "outcome"]


def test_every_destination_but_offline_starts_with_nothing(run: Run, chart: Path) -> None:
    grants = {d["id"]: d["grants"] for d in run("sharing").document["destinations"]}
    assert len(grants["offline"]) == 13
    assert grants["scripted"] == []
    ran = run("ask", "What was my last LDL?", "--to", "scripted", "--yes")
    assert ran.code == 0
    assert body(ran)["records"] == []
    assert ran.document["local"]["off"] == ["labs"]


def test_without_a_word_nothing_is_sent(run: Run, chart: Path) -> None:
    ran = run("ask", "What was my last LDL?", "--to", "scripted")
    assert (ran.code, ran.document["sent"]) == (3, False)
    assert ran.document["outgoing"]["body"]
    assert "answer" not in ran.document
    kinds = [e["kind"] for e in run("ledger").document["entries"]]
    assert "intent" not in kinds


def test_a_dry_run_shows_and_sends_nothing(run: Run, chart: Path) -> None:
    ran = run("ask", "What was my last LDL?", "--dry-run")
    assert (ran.code, ran.document["sent"], ran.document["chat"]) == (0, False, None)
    assert "answer" not in ran.document
    assert run("chats").document["chats"] == []


def test_once_is_for_one_question(run: Run, chart: Path) -> None:
    first = run("ask", "What was my last LDL?", "--to", "scripted", "--once", "labs", "--yes")
    assert [r["category"] for r in body(first)["records"]] == ["labs"]
    second = run(
        "ask", "What was my last LDL?", "--to", "scripted", "--yes", "--chat", first.document["chat"]
    )
    assert body(second)["records"] == []
    assert body(second)["history"] == []


def test_a_grant_and_its_revoke_reach_forward_and_back(run: Run, chart: Path) -> None:
    run("share", "--with", "scripted", "labs")
    first = run("ask", "What was my last LDL?", "--to", "scripted", "--yes")
    chat = first.document["chat"]
    kept = run("ask", "and before that?", "--to", "scripted", "--yes", "--chat", chat)
    assert len(body(kept)["history"]) == 1
    run("unshare", "--with", "scripted", "labs")
    after = run("ask", "and before that?", "--to", "scripted", "--yes", "--chat", chat)
    assert body(after)["history"] == []
    assert body(after)["records"] == []
    assert any("stay behind" in text for text in after.document["local"]["coverage"])


def test_sensitive_records_need_a_grant_of_their_own(run: Run, chart: Path) -> None:
    run("share", "--with", "scripted", "labs")
    held = run("ask", "What was my last LDL?", "--to", "scripted", "--yes")
    assert body(held)["records"][0]["text"].startswith("LDL cholesterol: 96 mg/dL")
    (record, *_) = run("records", "--search", "LDL").document["records"]
    assert record["labels"]
    run("share", "--with", "scripted", "labs", "--record", record["id"])
    shown = run("ask", "What was my last LDL?", "--to", "scripted", "--yes")
    assert body(shown)["records"][0]["text"].startswith("LDL cholesterol: 55 mg/dL")
    assert run("share", "--with", "scripted", "vitals", "--record", record["id"]).code == 2


def test_a_reason_goes_only_with_its_own_category(run: Run, chart: Path) -> None:
    run("share", "--with", "scripted", "medications")
    without = run("ask", "What medicines am I taking?", "--to", "scripted", "--yes")
    assert "High cholesterol" not in without.document["outgoing"]["body"]
    run("share", "--with", "scripted", "conditions")
    both = run("ask", "What medicines am I taking?", "--to", "scripted", "--yes")
    assert "High cholesterol" in both.document["outgoing"]["body"]


def test_grants_can_be_narrowed_and_end(run: Run, chart: Path) -> None:
    (source,) = run("sources").document["sources"]
    told = run(
        "share", "--with", "scripted", "labs", "--since", "2025", "--source", source["id"], "--for", "30d"
    )
    (grant,) = next(d["grants"] for d in told.document["destinations"] if d["id"] == "scripted")
    assert (grant["category"], grant["since"], grant["source"]) == ("labs", "2025-01-01", source["id"])
    assert grant["until"]
    first = run("ask", "What was my first LDL?", "--to", "scripted", "--yes")
    assert "148" not in first.document["outgoing"]["body"]
    assert run("share", "--with", "scripted", "labs", "--source", "nowhere").code == 2
    assert run("share", "--with", "nobody", "labs").code == 2


def test_a_grant_for_a_chat_holds_in_that_chat_only(run: Run, chart: Path) -> None:
    chat = run("ask", "hello", "--to", "scripted", "--yes").document["chat"]
    run("share", "--with", "scripted", "labs", "--for", "chat", "--chat", chat)
    inside = run("ask", "What was my last LDL?", "--to", "scripted", "--yes", "--chat", chat)
    outside = run("ask", "What was my last LDL?", "--to", "scripted", "--yes")
    assert body(inside)["records"]
    assert not body(outside)["records"]


def test_unshare_alone_changes_nothing_and_all_stops_everything(run: Run, chart: Path) -> None:
    run("share", "--with", "scripted", "labs", "vitals")
    assert run("unshare").code == 2
    stopped = run("unshare", "--all").document["destinations"]
    assert [destination["grants"] for destination in stopped] == [[], []]


def test_offline_can_be_narrowed_like_any_other(run: Run, chart: Path) -> None:
    run("unshare", "--with", "offline", "labs")
    ran = run("ask", "What was my last LDL?")
    assert ran.document["answer"]["citations"] == []
    assert ran.document["local"]["off"] == ["labs"]


def test_chats_are_kept(run: Run, chart: Path) -> None:
    chat = run("ask", "What was my last LDL?").document["chat"]
    run("ask", "and before that?", "--chat", chat)
    (listed,) = run("chats").document["chats"]
    assert listed["id"] == chat
    turns = run("chat", chat).document["turns"]
    assert [turn["question"] for turn in turns] == ["What was my last LDL?", "and before that?"]
    assert run("ask", "x", "--chat", "nowhere").code == 2


def test_the_line_mode_takes_a_pipe(run: Run, chart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        "What was my last LDL?",
        "and before that?",
        "/to scripted",
        "What was my last LDL?",
        "/nonsense",
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    told = run("chat", plain=True).out
    assert "55 mg/dL on 3 Mar 2026" in told
    assert "96 mg/dL on 10 Feb 2026" in told
    assert "Nothing was sent" in told
    assert "/outgoing" in told
    monkeypatch.setattr("sys.stdin", io.StringIO(lines[0]))
    document = run("chat").document
    assert [turn["question"] for turn in document["turns"]] == lines[:1]


def test_models_are_listed(run: Run, home: Path) -> None:
    models = run("models", "list").document["models"]
    assert [model["id"] for model in models] == ["offline", "scripted"]
    assert run("models").document == run("models", "list").document


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "x", "--to", "nobody"], ["nonsense"], ["ask", "  "]])
def test_wrong_usage_is_code_2_with_a_document(run: Run, chart: Path, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert set(ran.document["error"]) == {"title", "text", "next"}


def test_something_urgent_is_answered_by_a_card_without_a_vault(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTSIDE_HOME", str(home / "nothing here"))
    asked = run("ask", "my chest hurts and my left arm is numb")
    assert asked.code == 3
    assert asked.document["sent"] is False
    assert asked.document["safety"]["kind"] == "emergency"
    assert asked.document["answer"]["text"].startswith("Call ")
    assert "--anyway" in asked.document["error"]["next"]
    assert run("ask", "my chest hurts and my left arm is numb", "--anyway").code == 4


def test_the_card_comes_also_with_settings_that_cannot_be_read(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "settings.toml"
    broken.write_text("country = [")
    monkeypatch.setattr("assistant.settings.settings_path", lambda: broken)
    asked = run("ask", "my chest hurts and my left arm is numb")
    assert asked.code == 3
    assert asked.document["answer"]["text"].startswith("Call your local emergency number")
