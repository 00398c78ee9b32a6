"""Two lists that others made, read from outside through committed mapping files: every row is accounted for."""

from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from services.catalog.imports import mapping
from services.commands import importing
from tests.catalog.conftest import provider_content
from tests.catalog.imports.uploads import counts, lines, report
from tests.support import real_data

MAPPINGS = Path(__file__).parents[1] / "mappings"

LISTS = {
    # the list, its mapping, what its one provider is called there, how many rows go in, and why the others do not
    "sg_psg/psg_solutions.csv": ("psg_solutions.json", "PSG", 530, {"missing": 253, "unknown-value": 26}),
    "cn_saas_providers/saasbook_products.csv": ("saasbook_products.json", "SAASBOOK", 1659, {"unknown-value": 249}),
}


@pytest.mark.parametrize("name", LISTS)
def test_every_row_of_a_real_list_is_taken_or_refused_with_a_reason(catalog, bearer, name):
    mapping_name, provider, taken, reasons = LISTS[name]
    path = real_data.path(name)
    catalog.client.headers |= bearer("catalog", "bureau")
    assert counts(report(catalog, "providers", lines(provider_content(code=provider)), source=name))[0] == 1
    said = mapping.load((MAPPINGS / mapping_name).read_text("utf-8"), "offerings")
    pieces = importing.chunks(path, "offerings", said)
    first = importing.run(catalog.client, pieces, "offerings", name, False, Console(quiet=True))
    assert (first["created"], first["refused"]) == (taken, sum(reasons.values()))
    assert sum(piece.rows for piece in pieces) == first["created"] + first["refused"]
    assert Counter(error["code"] for error in first["errors"]) == reasons
    assert all(error["text"]["zh"] and error["text"]["en"] for error in first["errors"])
    again = importing.run(catalog.client, pieces, "offerings", name, False, Console(quiet=True))
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, taken)
