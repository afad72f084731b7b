"""The API against its own description: nothing that fits it, or does not, makes the server fail."""

import os
import subprocess
import sys
from pathlib import Path

from servers import Running, fill, serving

from extractor.storage.people import Role


def test_the_description_is_complete(server: Running) -> None:
    found = server.client().get("/api/v1/openapi.json").json()
    assert found["info"]["title"].startswith("gouji")
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            assert operation["description"] or operation["summary"], path
            refused = operation["responses"]["401"]["content"]
            assert list(refused) == ["application/problem+json"], (path, method)
    assert "Problem" in found["components"]["schemas"]


def test_schemathesis_finds_no_failure(database_address: str, tmp_path: Path) -> None:
    with serving(database_address, tmp_path) as running:
        ids = fill(running.database, tmp_path, 2)
        running.add("admin", Role.ADMIN)
        token = running.token("admin")
        known = f"""[parameters]\n"path.document_id" = "{ids[0]}"\n"path.task_id" = 1\n"path.table" = "findings"\n"""
        (tmp_path / "schemathesis.toml").write_text(known)
        checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{running.address}/api/v1/openapi.json"),
            *("--phases", "coverage,fuzzing", "--checks", checks, "--seed", "1", "--workers", "1", "--max-time", "8"),
            *("--max-examples", "5", "--request-timeout", "20", "--no-color", "--exclude-method", "DELETE"),
            *("--header", f"Authorization: Bearer {token}"),
        ]
        environment = {**os.environ, "no_proxy": "127.0.0.1"}
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment)
        assert done.returncode == 0, done.stdout[-8000:]
        assert running.program("admin").get("/api/v1/me").status_code == 200
