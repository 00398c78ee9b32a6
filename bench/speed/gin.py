"""The filter of reverse matching in PostgreSQL: standing needs with arrays under a GIN index, as G7 compares with."""

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from services.matching.kernel.constraints import lenient
from services.matching.kernel.demand import Demand
from services.matching.reverse.offer import Offer
from services.matching.reverse.standing import Waiting
from services.matching.snapshot.columns import PER_UNKNOWN
from shared.codes import industries, regions
from shared.contracts.vocabulary import Delivery, EnterpriseSize, members

_UNITS = range(PER_UNKNOWN + 1)
_NO_LIMIT = 2**62
_ANY = "*"
_ARRAYS = ("family", "region", "industry", "size", "delivery")
APART, JOINT = "needs", "needs_joint"
"""The needs with an index an array, as is usual, and with one index over all arrays, which is the best we know."""


class Needs:
    """The needs in a table of a running server."""

    def __init__(self, url: str, waiting: Sequence[Waiting], families: dict[str, str]) -> None:
        self._families = families
        self._connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)
        limits = ", ".join(f"limit_{unit} bigint" for unit in _UNITS)
        self._connection.execute(
            f"CREATE TABLE {APART} (id int PRIMARY KEY, family text[], region text[], industry text[], size text[], "
            f"delivery text[], latest int, founded int, revenue bigint, {limits})"
        )
        with self._connection.cursor().copy(f"COPY {APART} FROM STDIN") as copy:
            for number, need in enumerate(waiting):
                copy.write_row([number, *self._row(need.demand)])
        self._connection.execute(f"CREATE TABLE {JOINT} AS TABLE {APART}")
        self._connection.execute(f"CREATE INDEX ON {JOINT} USING gin ({', '.join(_ARRAYS)})")
        for column in _ARRAYS:
            self._connection.execute(f"CREATE INDEX ON {APART} USING gin ({column})")
        for table in (APART, JOINT):
            self._connection.execute(f"VACUUM ANALYZE {table}")

    def close(self) -> None:
        """Leave the server."""
        self._connection.close()

    def matching(self, offer: Offer, table: str) -> list[int]:
        """The numbers of the needs for which the offering breaks no constraint."""
        return [row[0] for row in self._connection.execute(*self.query(offer, table), binary=True)]

    def query(self, offer: Offer, table: str) -> tuple[Any, list[Any]]:
        """The statement and its parameters."""
        content, facts = offer.entry.offering.content, offer.columns
        clauses = ["family && %s", "latest >= %s", f"limit_{int(facts.price_unit[0])} >= %s"]
        values: list[Any] = [
            [self._families.get(code, code) for code in content.categories],
            int(facts.lead_days[0]),
            int(facts.price[0]),
        ]
        clauses += ["founded <= %s", "revenue >= %s"]
        values += [offer.as_of.year - int(facts.years_min[0]), int(facts.revenue_min[0])]
        for column, stated, lineage in (
            ("region", content.regions, regions.lineage),
            ("industry", content.industries, industries.lineage),
        ):
            if stated:
                clauses.append(f"{column} && %s")
                above = {f"={wider}" for code in stated for wider in lineage(code)[1:]}
                values.append([*stated, *above, _ANY])
        for column, some in (("size", content.enterprise_sizes), ("delivery", content.delivery)):
            if some:
                clauses.append(f"{column} && %s")
                values.append([*some, _ANY])
        return f"SELECT id FROM {table} WHERE " + " AND ".join(clauses), values  # noqa: S608 (names are our own)

    def _row(self, demand: Demand) -> Iterator[Any]:
        yield sorted({self._families.get(code, code) for code, _ in demand.categories})
        yield [*regions.lineage(demand.region), f"={demand.region}"]
        yield [*industries.lineage(demand.industry), f"={demand.industry}"] if demand.industry else [_ANY]
        yield [demand.size if demand.size in members(EnterpriseSize) else "large"] if demand.size else [_ANY]
        wanted = demand.delivery
        yield [_ANY] if wanted is None else [name for bit, name in enumerate(members(Delivery)) if wanted >> bit & 1]
        yield 2**31 - 1 if demand.deadline is None else lenient(demand.deadline)
        yield demand.founded or 0
        yield _NO_LIMIT if demand.revenue is None else demand.revenue
        for count in demand.units:
            yield _NO_LIMIT if demand.budget is None else lenient(demand.budget) // count
