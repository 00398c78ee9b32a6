"""/v1/regions and /v1/industries: the public code tables, for forms."""

from typing import Annotated

from fastapi import Depends, Query

from services.catalog.resources import Code, CodeTable
from shared import openapi
from shared.access import PUBLIC, Allow
from shared.codes import industries, regions

router = openapi.router(tags=["code tables"], dependencies=[Depends(Allow(*PUBLIC))])
Parent = Annotated[str | None, Query(max_length=6, description="only the codes right below this one")]


@router.get("/v1/regions", summary="List regions")
def list_regions(parent: Parent = None) -> CodeTable:
    """GB/T 2260 administrative divisions, with 000000 for the whole country. An unknown parent has no codes below."""
    entries = (
        Code(code=code, parent=above[0] if (above := regions.lineage(code)[1:]) else None, name_zh=name)
        for code, name in regions.names().items()
    )
    return CodeTable(items=tuple(entry for entry in entries if parent in (None, entry.parent)))


@router.get("/v1/industries", summary="List industries")
def list_industries(parent: Parent = None) -> CodeTable:
    """GB/T 4754-2017 industries: sections, divisions, groups, classes. An unknown parent has no codes below."""
    entries = (
        Code(code=code, parent=above[0] if (above := industries.lineage(code)[1:]) else None, name_zh=name)
        for code, name in industries.names().items()
    )
    return CodeTable(items=tuple(entry for entry in entries if parent in (None, entry.parent)))
