"""Traces and metrics of a worker, sent where the configuration says and nowhere else; without one, nothing is done.

A span a file, with spans for fetching, reading and storing inside; counters of files, sections, requests and
tokens; histograms of seconds. Ids and numbers only, no text of documents.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from extractor.batch.reading import Spent
from extractor.batch.settings import BatchSettings
from extractor.errors import ConfigurationError
from extractor.version import VERSION

NAME = "gouji"

SECONDS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800)
"""Borders of the histograms."""


class Telemetry:
    """Says nothing; the base of what does."""

    @contextmanager
    def span(self, name: str, **attributes: str | int) -> Iterator[None]:
        """A stretch of work; spans inside it are its parts."""
        yield

    def file(self, reader: str, outcome: str, seconds: float, spent: Spent) -> None:
        """A file has ended, `outcome` done, known (it was there already) or failed."""

    def close(self) -> None:
        """Send what is left."""


def telemetry_of(settings: BatchSettings, worker: str, active: Callable[[], int]) -> Telemetry:
    """What the settings ask for; `active` counts the files under way. Raises ConfigurationError."""
    if settings.otlp_endpoint is None and settings.prometheus_port is None:
        return Telemetry()
    try:
        return _Exporting(settings, worker, active)
    except ImportError as error:
        raise ConfigurationError(
            f"遥测需要安装 gouji[telemetry] (telemetry needs the packages of gouji[telemetry]): {error}"
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"端口 {settings.prometheus_port} 不能监听 (GOUJI_PROMETHEUS_PORT cannot be listened at): {error}"
        ) from None


class _Exporting(Telemetry):
    """OpenTelemetry, through OTLP over HTTP, or for Prometheus to fetch, or both."""

    def __init__(self, settings: BatchSettings, worker: str, active: Callable[[], int]) -> None:
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.view import ExplicitBucketHistogramAggregation, View
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider

        resource = Resource.create({"service.name": NAME, "service.version": VERSION, "service.instance.id": worker})
        views = [View(instrument_name="*.seconds", aggregation=ExplicitBucketHistogramAggregation(SECONDS))]
        self._meters = MeterProvider(_readers(settings), resource, views=views)
        self._tracers = TracerProvider(resource=resource)
        if settings.otlp_endpoint is not None:
            self._tracers.add_span_processor(_spans_to(settings.otlp_endpoint))
        self._tracer = self._tracers.get_tracer(NAME)
        meter = self._meters.get_meter(NAME)
        self._files = meter.create_counter("gouji.files", description="files by outcome")
        self._sections = meter.create_counter("gouji.sections", description="sections by outcome")
        self._requests = meter.create_counter("gouji.model.requests", description="requests to the model")
        self._tokens = meter.create_counter("gouji.model.tokens", description="tokens by direction")
        self._wall = meter.create_histogram("gouji.file.seconds", "s", "from taking a file to having it stored")
        self._reading = meter.create_histogram("gouji.reading.seconds", "s", "loading, reading and checking")

        def observed(_: Any) -> list[Any]:
            from opentelemetry.metrics import Observation

            return [Observation(active())]

        meter.create_observable_gauge("gouji.files.active", [observed], description="files under way")

    @contextmanager
    def span(self, name: str, **attributes: str | int) -> Iterator[None]:
        with self._tracer.start_as_current_span(name, attributes=dict(attributes)):
            yield

    def file(self, reader: str, outcome: str, seconds: float, spent: Spent) -> None:
        labels = {"reader": reader, "outcome": outcome}
        self._files.add(1, labels)
        self._wall.record(seconds, labels)
        if spent.sections:
            self._reading.record(spent.seconds, {"reader": reader})
        for section, count in spent.outcomes:
            self._sections.add(count, {"reader": reader, "outcome": section})
        if spent.requests:
            self._requests.add(spent.requests, {"reader": reader})
            fresh = spent.input_tokens - spent.cached_tokens
            for direction, count in (("in", fresh), ("cached", spent.cached_tokens), ("out", spent.output_tokens)):
                self._tokens.add(count, {"reader": reader, "direction": direction})

    def close(self) -> None:
        self._tracers.shutdown()
        self._meters.shutdown()


def _readers(settings: BatchSettings) -> list[Any]:
    readers: list[Any] = []
    if settings.otlp_endpoint is not None:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

        exporter = OTLPMetricExporter(f"{settings.otlp_endpoint.rstrip('/')}/v1/metrics", timeout=3)
        readers.append(PeriodicExportingMetricReader(exporter, export_interval_millis=15_000))
    if settings.prometheus_port is not None:
        from opentelemetry.exporter.prometheus import PrometheusMetricReader
        from prometheus_client import start_http_server

        start_http_server(settings.prometheus_port, settings.prometheus_host)
        readers.append(PrometheusMetricReader())
    return readers


def _spans_to(endpoint: str) -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=3))
