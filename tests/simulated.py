"""Reading with a simulated model in tests: an invented disclosure, a real HTTP server on this machine, settings."""

import asyncio
import hashlib
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from evals.simulation.failures import Failures
from evals.simulation.model import SimulatedModel
from evals.simulation.server import SimulatedServer
from evals.simulation.slips import Slips
from evals.simulation.truth import Library
from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loaded import LoadedDocument
from extractor.pipeline import checked
from extractor.reading.llm import DocumentReading, Ledger, Mode, model_session, read_disclosures
from extractor.settings import ModelSettings

TEXT = """云泽市临湖区河湖管理中心2031年度部门决算
第二部分 2031年度部门决算情况说明
一、收入支出决算总体情况说明
2031年度收、支总计1200.50万元，与上年相比，收、支总计各增加100.50万元，增长9.14%。主要原因是新增河道清淤项目。
二、收入决算情况说明
2031年度本年收入合计1180.50万元，其中：财政拨款收入1150.50万元，占97.46%；事业收入20.00万元，占1.69%；经营收入0.00万元，占0.00%；其他收入10.00万元，占0.85%。
三、支出决算情况说明
2031年度本年支出合计1190.00万元，其中：基本支出690.00万元，占57.98%；项目支出500.00万元，占42.02%；经营支出0.00万元，占0.00%。
四、一般公共预算财政拨款支出决算具体情况
1.社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）：年初预算为60.00万元，支出决算为61.50万元，完成年初预算的102.50%。
2.农林水支出（类）水利（款）水利工程运行与维护（项）：年初预算为480.00万元，支出决算为504.00万元，完成年初预算的105.00%。
3.住房保障支出（类）住房改革支出（款）住房公积金（项）：年初预算为50.00万元，支出决算为50.00万元，完成年初预算的100.00%。
五、财政拨款“三公”经费支出决算情况说明
2031年度“三公”经费财政拨款支出决算为6.50万元，比上年减少0.50万元，下降7.14%。其中：因公出国（境）费支出决算为0.00万元；公务用车购置及运行维护费支出决算为6.00万元；公务接待费支出决算为0.50万元。
六、机关运行经费支出情况说明
2031年度机关运行经费支出58.20万元，比上年增加1.20万元，增长2.11%。主要原因是人员增加。
七、政府采购支出情况说明
2031年度政府采购支出总额320.00万元，其中：政府采购货物支出20.00万元、政府采购工程支出250.00万元、政府采购服务支出50.00万元。授予中小企业合同金额300.00万元，占政府采购支出总额的93.75%。
"""


def varied(count: int) -> list[Disclosure]:
    """Documents of the same shape with other figures and names: no request of one is a request of another."""
    return [
        disclosure_of(TEXT.replace("1200.50", f"{1200 + n}.50").replace("58.20", f"{58 + n}.20"), f"{n}.txt")
        for n in range(count)
    ]


def disclosure_of(text: str = TEXT, name: str = "disclosure.txt") -> Disclosure:
    """A text as a prepared document."""
    return prepare(LoadedDocument(name, "text/plain", hashlib.sha256((name + text).encode()).hexdigest(), text))


def model_of(*disclosures: Disclosure, slips: Slips | None = None) -> SimulatedModel:
    """A model that knows some documents as the rules read them."""
    library = Library()
    for disclosure in disclosures:
        library.add(disclosure)
    return SimulatedModel(library, slips)


def server_of(*disclosures: Disclosure, slips: Slips | None = None, **options: Any) -> SimulatedServer:
    """A server for some documents; use as a context manager."""
    rates = options.pop("failures", None)
    failures = Failures(rates, options.pop("seed", 0)) if rates else None
    return SimulatedServer(model_of(*disclosures, slips=slips), failures, **options)


def settings_of(server: SimulatedServer | str, folder: Path, **options: Any) -> ModelSettings:
    """Settings for a server, with a cache of their own."""
    base_url = server if isinstance(server, str) else server.base_url
    given: Mapping[str, Any] = {
        "model": "simulated",
        "cache_file": folder / "answers.sqlite",
        "timeout": 10.0,
        "back_off": 0.02,
        **options,
    }
    return ModelSettings(base_url=base_url, **given)


def read_all(
    disclosures: Iterable[Disclosure], settings: ModelSettings, mode: Mode = Mode.LLM, ledger: Ledger | None = None
) -> list[DocumentReading]:
    """Read documents to the end."""

    async def run() -> list[DocumentReading]:
        async with model_session(settings, checked, ledger) as session:
            return [each async for each in read_disclosures(disclosures, session, mode)]

    return asyncio.run(run())


def read_one(disclosure: Disclosure, settings: ModelSettings, mode: Mode = Mode.LLM) -> DocumentReading:
    """Read one document."""
    (reading,) = read_all([disclosure], settings, mode)
    return reading


class OwnServer:
    """A server with one handler of the test's own."""

    def __init__(self, handle: Callable[[web.Request], Awaitable[web.Response]]) -> None:
        self._handle = handle
        self.base_url = ""

    def __enter__(self) -> "OwnServer":
        started = threading.Event()
        self._loop = asyncio.new_event_loop()

        def run() -> None:
            async def serve() -> None:
                app = web.Application()
                app.router.add_route("*", "/{path:.*}", self._handle)
                runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
                await runner.setup()
                await web.TCPSite(runner, "127.0.0.1", 0).start()
                self.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
                self._runner = runner
                started.set()

            self._loop.run_until_complete(serve())
            self._loop.run_forever()
            self._loop.run_until_complete(self._runner.cleanup())

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
