"""Traces and metrics go where the configuration says."""

import socket
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from at_work import PATIENCE, Workers, states, wait_for
from disclosures import disclosure
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from extractor.batch.inputs import entries_of
from extractor.batch.jobs import Jobs
from extractor.batch.reading import ReadingOptions, Spent
from extractor.batch.settings import BatchSettings
from extractor.batch.telemetry import Telemetry, telemetry_of
from extractor.errors import ConfigurationError
from extractor.storage.database import Database

Received = dict[str, list[bytes]]


@pytest.fixture
def collector() -> Iterator[tuple[str, Received]]:
    """A collector that keeps what it is sent, by path."""
    received: Received = defaultdict(list)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received[self.path].append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_without_configuration_nothing_is_done() -> None:
    assert type(telemetry_of(BatchSettings(), "w", lambda: 0)) is Telemetry


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_worker_tells_a_collector_and_prometheus(
    database: Database, jobs: Jobs, workers: Workers, tmp_path: Path, collector: tuple[str, Received], port: int
) -> None:
    address, received = collector
    for number in range(3):
        disclosure(tmp_path / "files", total=f"{1000 + number}.00")
    (tmp_path / "files" / "damaged.pdf").write_bytes(b"%PDF-1.7\nnot much of one")
    jobs.submit("a", entries_of([str(tmp_path / "files")]), ReadingOptions())
    worker = workers.start("--concurrency", "1", GOUJI_OTLP_ENDPOINT=address, GOUJI_PROMETHEUS_PORT=str(port))
    wait_for(lambda: "waiting" not in states(database), PATIENCE, workers)
    time.sleep(0.2)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as response:
        page = response.read().decode()
    values = {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in page.splitlines() if line[0] != "#"}
    files = {key: value for key, value in values.items() if key.startswith("gouji_files_total{")}
    assert {("done" in key, value) for key, value in files.items()} == {(True, 3.0), (False, 1.0)}
    assert any(key.startswith("gouji_file_seconds_bucket") for key in values)
    worker.terminate()
    worker.wait(PATIENCE)
    spans = [
        span.name
        for body in received["/v1/traces"]
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert sorted(set(spans)) == ["fetch", "file", "read", "store"]
    assert spans.count("file") == 4
    assert received["/v1/metrics"]
    assert not any("收入合计".encode() in body for bodies in received.values() for body in bodies)


def test_a_port_that_is_taken_is_told(port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(ConfigurationError, match="GOUJI_PROMETHEUS_PORT"):
            telemetry_of(BatchSettings(prometheus_port=port), "w", lambda: 0)


def test_a_collector_that_is_down_costs_nothing_but_its_data(port: int) -> None:
    telemetry = telemetry_of(BatchSettings(otlp_endpoint=f"http://127.0.0.1:{port}"), "w", lambda: 0)
    with telemetry.span("file", item=1):
        telemetry.file("rules", "done", 0.1, Spent(sections=2, outcomes=(("ok", 2),)))
