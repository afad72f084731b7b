"""The queue over HTTP: one task for one person, saved once, on the version they saw."""

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from servers import Running, fill, is_problem, office, serving

from extractor.review.actors import Scope
from extractor.storage.models import TaskRow
from extractor.storage.people import Role
from extractor.storage.types import now


@pytest.fixture
def filled(team: Running, tmp_path: Path) -> Running:
    """A team's server with four documents."""
    fill(team.database, tmp_path, 4)
    return team


def claim(client: httpx2.Client, **filters: object) -> dict[str, Any]:
    answer = client.post("/api/v1/tasks/next", params=filters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def decide(
    client: httpx2.Client, task: dict[str, Any], action: str, key: str | None = None, **more: object
) -> httpx2.Response:
    headers = {"Idempotency-Key": key} if key else {}
    body = {"version": task["version"], "action": action, **more}
    return client.post(f"/api/v1/tasks/{task['id']}/verdicts", json=body, headers=headers)


def all_tasks(client: httpx2.Client, limit: int, **filters: object) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    after = None
    while True:
        page = client.get("/api/v1/tasks", params={**filters, "limit": limit, **({"after": after} if after else {})})
        items += page.json()["items"]
        after = page.json()["next"]
        if after is None:
            return items


def test_a_decision_from_claim_to_undo(filled: Running) -> None:
    client, other = filled.program("the reviewer"), filled.program("the lead")
    task = claim(client)
    assert task["leased_by"] == "the reviewer"
    assert claim(client)["id"] == task["id"], "what a person holds comes first"
    assert claim(other)["id"] != task["id"]
    is_problem(other.post(f"/api/v1/tasks/{task['id']}/lease"), 409)
    is_problem(decide(other, task, "accept"), 409)
    saved = decide(client, task, "document", suggested="100.00")
    assert (saved.status_code, saved.json()["status"]) == (201, "settled")
    is_problem(decide(client, task, "accept"), 409)
    now = client.get(f"/api/v1/tasks/{task['id']}").json()
    assert now["task"]["settled_by"] == "the reviewer"
    assert [each["action"] for each in now["history"]] == ["document"]
    is_problem(decide(other, now["task"], "undo"), 403)
    undone = decide(client, now["task"], "undo")
    assert undone.json()["status"] == "open"
    log = client.get(f"/api/v1/tasks/{task['id']}/verdicts").json()
    assert [each["action"] for each in log] == ["document", "undo"]


def test_the_queue_in_pages(filled: Running) -> None:
    client = filled.program("the reviewer")
    whole = all_tasks(client, 200)
    assert len(whole) >= 8
    assert [each["id"] for each in all_tasks(client, 3)] == [each["id"] for each in whole]
    order = [(-each["priority"], each["id"]) for each in whole]
    assert order == sorted(order)
    some = all_tasks(client, 2, department=office(1))
    assert some == [each for each in whole if each["department"] == office(1)]
    task = claim(client)
    assert [each["id"] for each in all_tasks(client, 5, mine=True)] == [task["id"]]
    is_problem(client.get("/api/v1/tasks", params={"status": "nonsense"}), 422)


def test_a_correction_is_tried_before_it_is_saved(filled: Running) -> None:
    client = filled.program("the reviewer")
    task = next(each for each in all_tasks(client, 50, kind="finding") if each["family"] == "share")
    card = client.get(f"/api/v1/tasks/{task['id']}").json()
    record = next(each for each in card["records"] if each["type"] == "CompositionItem")
    share = next(each for each in record["fields"] if each["value"] == "90.00%")
    edits = [{"op": "put", "record": record["id"], "path": share["path"], "value": None}]
    live = client.post(f"/api/v1/tasks/{task['id']}/check", json={"edits": edits}).json()
    assert live["settles"]
    assert client.get(f"/api/v1/tasks/{task['id']}").json()["basis"] == card["basis"]
    nonsense = [{"op": "put", "record": record["id"], "path": share["path"], "value": "q99999"}]
    is_problem(client.post(f"/api/v1/tasks/{task['id']}/check", json={"edits": nonsense}), 422)
    saved = decide(client, task, "correct", edits=edits, basis=card["basis"])
    assert saved.status_code == 201, saved.text
    facts = client.get(f"/api/v1/documents/{task['document_id']}/facts", params={"limit": 200}).json()["items"]
    assert next(each for each in facts if each["raw"] == "90.00%")["role"] == "unclaimed"
    assert client.get(f"/api/v1/documents/{task['document_id']}").json()["settled"] is True
    as_read = client.get(f"/api/v1/documents/{task['document_id']}/extraction", params={"as_read": True}).json()
    assert next(each for each in as_read["quantities"] if each["raw"] == "90.00%")["role"] == "field"


def test_the_same_save_twice_is_one(filled: Running) -> None:
    client = filled.program("the reviewer")
    task = claim(client)
    first, second = (decide(client, task, "accept", key="save-1") for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    is_problem(decide(client, task, "document", key="save-1"), 422)
    assert len(client.get(f"/api/v1/tasks/{task['id']}/verdicts").json()) == 1
    other = filled.program("the lead")
    is_problem(decide(other, task, "accept", key="save-1"), 409)  # another person's key is another key


def test_the_same_save_many_times_at_once_is_one(filled: Running) -> None:
    task = claim(filled.program("the reviewer"))
    clients = [filled.program("the reviewer") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda client: decide(client, task, "accept", key="save-2"), clients))
    assert {each.status_code for each in answers} == {201}, [each.text for each in answers]
    assert len({each.text for each in answers}) == 1
    assert len(clients[0].get(f"/api/v1/tasks/{task['id']}/verdicts").json()) == 1


def test_a_remark_sent_twice_is_one(filled: Running) -> None:
    client = filled.program("the reviewer")
    path = "/api/v1/tasks/1/comments"
    headers = {"Idempotency-Key": "remark-1"}
    for _ in range(2):
        assert client.post(path, json={"text": "见第三页 <b>"}, headers=headers).status_code == 201
    assert [each["text"] for each in client.get("/api/v1/tasks/1").json()["comments"]] == ["见第三页 <b>"]
    is_problem(client.post(path, json={"text": "   "}), 409)


def test_alike_ones_together(filled: Running) -> None:
    client = filled.program("the reviewer")
    task = next(each for each in all_tasks(client, 50, kind="finding") if each["family"] == "share")
    alike = all_tasks(client, 50, signature=task["signature"])
    assert len(alike) == 4
    done = client.post(f"/api/v1/tasks/{task['id']}/alike", json={"action": "document"}).json()
    assert (len(done["settled"]), done["left"]) == (4, 0)
    confirmed = client.get("/api/v1/exports/confirmed.csv").text.splitlines()
    assert len(confirmed) == 1 + 4
    is_problem(client.post(f"/api/v1/tasks/{task['id']}/alike", json={"action": "correct"}), 422)


def test_what_no_task_covers_is_reported(filled: Running) -> None:
    client = filled.program("the reviewer")
    document = all_tasks(client, 50)[0]["document_id"]
    facts = client.get(f"/api/v1/documents/{document}/facts").json()["items"]
    figure = next(each for each in facts if each.get("yuan"))
    wanted = {"document_id": document, "reason": " 盖章页的数字\n不同 ", "quantity": figure["id"]}
    first, again = (client.post("/api/v1/tasks", json=wanted, headers={"Idempotency-Key": "r"}) for _ in range(2))
    assert first.status_code == 201, first.text
    made = first.json()
    assert again.json() == made
    assert (made["kind"], made["status"], made["reason"]) == ("manual", "open", "盖章页的数字 不同")
    assert float(made["amount"]) == float(figure["yuan"])
    assert str(made["id"]) in is_problem(client.post("/api/v1/tasks", json=wanted), 409)["detail"]
    card = client.get(f"/api/v1/tasks/{made['id']}").json()
    assert card["figures"] == [figure["id"]]
    assert card["spans"] == [[figure["start"], figure["end"]]]
    body = {"version": made["version"], "action": "document", "suggested": "3.45"}
    assert client.post(f"/api/v1/tasks/{made['id']}/verdicts", json=body).status_code == 201
    [row] = csv.DictReader(io.StringIO(client.get("/api/v1/exports/confirmed.csv").text.removeprefix("\ufeff")))
    assert (row["message"], row["printed"], row["suggested"]) == ("盖章页的数字 不同", figure["raw"], "3.45")
    whole = client.post("/api/v1/tasks", json={"document_id": document, "reason": "缺附件"}).json()
    assert [each["id"] for each in all_tasks(client, 50, kind="manual", status="open")] == [whole["id"]]
    assert client.get(f"/api/v1/tasks/{whole['id']}").json()["figures"] == []
    is_problem(client.post("/api/v1/tasks", json={**wanted, "quantity": "q999999"}), 404)
    is_problem(client.post("/api/v1/tasks", json={**wanted, "document_id": "0" * 16}), 404)
    is_problem(client.post("/api/v1/tasks", json={**wanted, "reason": "  "}), 409)


def test_leases_are_given_back_kept_and_lapse(database_address: str, tmp_path: Path) -> None:
    with serving(database_address, tmp_path) as running:

        def lasts_until(moment: datetime) -> None:
            with running.database.transaction() as session:
                session.get_one(TaskRow, task["id"]).leased_until = moment

        fill(running.database, tmp_path, 1)
        for role in Role:
            running.add(f"the {role.value}", role)
        one, other = running.program("the reviewer"), running.program("the lead")
        task = claim(one)
        path = f"/api/v1/tasks/{task['id']}/lease"
        is_problem(other.put(path), 409)
        assert one.delete(path).status_code == 204
        assert other.post(path).status_code == 200
        assert other.delete(path).status_code == 204
        one.post(path)
        lasts_until(now())
        assert one.put(path).status_code == 204
        is_problem(other.post(path), 409)
        lasts_until(now())
        assert other.post(path).status_code == 200
        is_problem(one.put(path), 409)


def test_second_decisions_are_blind_and_leads_decide_disputes(database_address: str, tmp_path: Path) -> None:
    with serving(database_address, tmp_path, second_share=1.0) as running:
        fill(running.database, tmp_path, 1)
        for name, role in (("ada", Role.REVIEWER), ("ben", Role.REVIEWER), ("lea", Role.LEAD)):
            running.add(name, role)
        ada, ben, lea = (running.program(name) for name in ("ada", "ben", "lea"))
        task = claim(ada)
        assert decide(ada, task, "document", note="印错了").json()["status"] == "second"
        task = claim(ben)
        seen = json.dumps([ben.get(f"/api/v1/tasks/{task['id']}").json(), task], ensure_ascii=False)
        assert "印错了" not in seen
        assert ben.get(f"/api/v1/tasks/{task['id']}/verdicts").json() == []
        assert decide(ben, task, "accept").json()["status"] == "dispute"
        task = ada.get(f"/api/v1/tasks/{task['id']}").json()["task"]
        is_problem(decide(ada, task, "document"), 403)
        task = claim(lea)
        assert task["status"] == "dispute"
        assert decide(lea, task, "document").json()["status"] == "settled"
        log = lea.get(f"/api/v1/tasks/{task['id']}/verdicts").json()
        assert [(each["actor"], each["round"]) for each in log] == [("ada", 1), ("ben", 2), ("lea", 3)]


def test_who_saw_and_did_what_is_told(filled: Running) -> None:
    client = filled.program("the reviewer")
    task = claim(client)
    client.get(f"/api/v1/tasks/{task['id']}")
    decide(client, task, "skip", note="不清楚")
    is_problem(decide(client, claim(client), "skip"), 409)
    lines = filled.program("the lead").get("/api/v1/exports/log.jsonl").text.splitlines()
    log = [json.loads(line) for line in lines]
    mine = [each["action"] for each in log if each["actor"] == "the reviewer" and each["task_id"] == task["id"]]
    assert mine == ["open", "see", "skip"]
    assert {each["channel"] for each in log if each["actor"] == "the reviewer"} == {"api"}
    verdicts = filled.program("the lead").get("/api/v1/exports/verdicts.jsonl").text.splitlines()
    assert [json.loads(line)["note"] for line in verdicts] == ["不清楚"]
    assert client.get("/api/v1/progress").json()["by_status"]["skipped"] == 1


def test_tokens_reach_as_far_as_their_scopes(filled: Running) -> None:
    reading = filled.program("the reviewer", (Scope.READ,))
    assert reading.get("/api/v1/tasks").status_code == 200
    is_problem(reading.post("/api/v1/tasks/next"), 403)
    assert reading.get("/api/v1/me").json()["scopes"] == ["read"]
