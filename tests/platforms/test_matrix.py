"""Every platform, every place, everything a person does: each cell has an answer or a documented reason."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from platforms import matrix
from platforms.driver import Driver, Place
from platforms.matrix import DRIVERS, ROWS, Row, Scene, why_not

from core.settings import Settings

CELLS = [
    pytest.param(driver, place, row, id=f"{driver.name}-{place.name.lower()}-{row.what}".replace(" ", "_"))
    for driver in DRIVERS
    for place in Place
    for row in ROWS
]


@pytest.fixture(scope="module")
async def drivers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[type[Driver], Driver]]:
    """Started when first needed, one at a time in the order of the cells; each is stopped, and judged, at the end."""
    started: dict[type[Driver], Driver] = {}
    yield started
    for driver in started.values():
        await driver.stop()


async def _started(
    kind: type[Driver], drivers: dict[type[Driver], Driver], tmp_path_factory: pytest.TempPathFactory
) -> Driver:
    if kind not in drivers:
        for other in list(drivers):
            await drivers.pop(other).stop()
        folder = tmp_path_factory.mktemp("matrix")
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            data_dir=folder,
            database_url=f"sqlite+aiosqlite:///{folder}/audiogpt.db",
            artifacts_url=(folder / "artifacts").as_uri(),
            lease_s=5.0,
            goodbye_s=0,
        )
        driver = kind()
        await driver.start(settings)
        drivers[kind] = driver
    return drivers[kind]


@pytest.mark.parametrize(("kind", "place", "row"), CELLS)
async def test_cell(
    kind: type[Driver],
    place: Place,
    row: Row,
    drivers: dict[type[Driver], Driver],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    driver = await _started(kind, drivers, tmp_path_factory)
    reason = why_not(driver, row, place)
    if reason:
        assert len(reason.split()) >= 3, "a reason is a sentence"
        return
    scene = Scene(driver, place, await driver.settled(place))
    await row.play(scene)


def test_most_cells_are_offered() -> None:
    refused = [cell for cell in CELLS if why_not(cell.values[0], cell.values[2], cell.values[1])]  # type: ignore[arg-type]
    assert len(refused) < len(CELLS) / 4


def test_the_documented_table_is_this_one() -> None:
    assert matrix.DOCS.read_text() == matrix.documented(), "run PYTHONPATH=.:tests python -m platforms.matrix"
