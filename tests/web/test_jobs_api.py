"""Jobs over HTTP: started here, done by a real worker, followed to their end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest
from disclosures import disclosure
from servers import ROOT, Running, is_problem, serving
from simulated import disclosure_of, server_of

from extractor.storage.people import Role


def _upload(running: Running, path: Path) -> str:
    client = running.program("lead")
    answer = client.post("/api/v1/documents", files={"file": (path.name, path.read_bytes())})
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["document"]["id"]
    return found


def _work(client: httpx2.Client, address: str, folder: Path, **more: str) -> None:
    """Let a worker do the first job to its end."""
    command = [sys.executable, "-m", "extractor", "worker", "--concurrency", "1", "--database", address]
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "GOUJI_FILES": str(folder / "files"), **more}
    with (folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(command, cwd=folder, env=settings, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 240
        while client.get("/api/v1/jobs/1").json()["waiting"]:
            assert time.monotonic() < deadline, (folder / "worker.log").read_text()
            time.sleep(0.2)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)


def test_a_model_reads_where_one_is_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = str(tmp_path / "gouji.sqlite")
    path = disclosure(tmp_path)
    with serving(address, tmp_path) as running, server_of(disclosure_of(path.read_text("utf-8"))) as model:
        running.add("lead", Role.LEAD)
        client = running.program("lead")
        wanted = {"name": "model", "documents": [_upload(running, path)], "reader": "llm"}
        monkeypatch.delenv("GOUJI_MODEL", raising=False)
        assert "GOUJI_MODEL" in is_problem(client.post("/api/v1/jobs", json=wanted), 503)["detail"]
        assert client.get("/api/v1/jobs").json()["items"] == []
        monkeypatch.setenv("GOUJI_MODEL", "simulated")
        assert client.post("/api/v1/jobs", json=wanted).status_code == 201
        _work(client, address, tmp_path, GOUJI_BASE_URL=model.base_url)
        job = client.get("/api/v1/jobs/1").json()
        assert (job["reader"], job["done"], job["failed"]) == ("llm", 1, 0)
        assert job["requests"] == model.counts.requests > 0
        is_problem(client.post("/api/v1/jobs", json={**wanted, "reader": "oracle"}), 422)


def test_a_job_from_upload_to_results(tmp_path: Path) -> None:
    address = str(tmp_path / "gouji.sqlite")
    with serving(address, tmp_path) as running:
        running.add("lead", Role.LEAD)
        client = running.program("lead")
        ids = [_upload(running, disclosure(tmp_path, total=f"{total}.00")) for total in (1050, 2050)]
        wanted = {"name": "again", "documents": ids}
        first, second = (
            client.post("/api/v1/jobs", json=wanted, headers={"Idempotency-Key": "job-1"}) for _ in range(2)
        )
        assert first.status_code == 201, first.text
        assert first.json() == second.json() == {"id": 1, "job": "again", "named": 2, "new": 2}
        assert client.post("/api/v1/jobs", json=wanted).json()["new"] == 0
        assert client.get("/api/v1/jobs/1").json()["waiting"] == 2
        for step in ("pause", "resume", "retry-failed"):
            assert client.post(f"/api/v1/jobs/1/{step}").status_code == 200
        _work(client, address, tmp_path)
        job = client.get("/api/v1/jobs/1").json()
        assert (job["state"], job["done"], job["failed"]) == ("finished", 2, 0)
        files = client.get("/api/v1/jobs/1/files", params={"limit": 1}).json()
        assert files["next"]
        assert files["items"][0]["document_id"] == ids[0]
        assert [each["job"] for each in client.get("/api/v1/jobs").json()["items"]] == ["again"]
        is_problem(client.get("/api/v1/jobs/2"), 404)
        is_problem(client.post("/api/v1/jobs", json={"name": "b", "documents": ["0" * 16]}), 404)
        is_problem(client.post("/api/v1/jobs", json={"name": "b", "documents": ["/etc/passwd"]}), 422)


def test_without_a_place_for_files_uploads_cannot_be_jobs(tmp_path: Path) -> None:
    with serving(str(tmp_path / "gouji.sqlite"), tmp_path, files=None) as running:
        running.add("lead", Role.LEAD)
        document_id = _upload(running, disclosure(tmp_path))
        answer = running.program("lead").post("/api/v1/jobs", json={"name": "a", "documents": [document_id]})
        assert "GOUJI_FILES" in is_problem(answer, 503)["detail"]
