"""What ``tongban search`` does: answer as the portal does, from an index of its own."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tongban import catalogue
from tongban.main import install
from tongban.main.settings import Settings


def with_model(settings: Settings) -> catalogue.SearchModel | None:
    """Return the model that is to be asked, loaded, if one is.

    :raises ModelMissing: if it is not installed.
    :raises ModelBroken: if it cannot be loaded.
    """
    return catalogue.E5() if settings.search_model else None


def answers(
    settings: Settings, texts: Iterable[str], *, region: str, limit: int
) -> Iterator[dict[str, Any]]:
    """Return for each text what ``GET /api/v1/search`` would answer, the best first.

    :raises ModelMissing, ModelBroken: as ``with_model``.
    """
    model = with_model(settings)
    with (
        install.open_work(settings.database_url) as work,
        catalogue.index_of(work, folder=settings.data, model=model),
    ):
        for text in texts:
            asked = catalogue.Asked(text, region=region, limit=limit)
            yield {
                "results": [
                    {
                        "name": each.line.name,
                        "code": each.line.code,
                        "score": each.score,
                        "department": each.line.department_name,
                        "region": each.line.region,
                    }
                    for each in catalogue.find(work, asked)
                ]
            }


def as_lines(answer: dict[str, Any]) -> str:
    """Return an answer for people: one service a line."""
    lines = [
        f"{each['score']:7.3f}  {each['code']}  {each['name']}（{each['department']}）"
        for each in answer["results"]
    ]
    return "\n".join(lines) or "没有找到 / nothing found"


def as_json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)
