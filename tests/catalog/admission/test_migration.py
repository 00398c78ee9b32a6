"""What the form before admission makes of what it did not know."""

import pytest
from sqlalchemy import text

from shared import migrations
from shared.database import connect
from tests.catalog.conftest import credit_code


@pytest.fixture
def url(settings):
    return settings.database_url


def test_an_applicant_is_kept_out_in_the_form_before_and_nobody_else_is_touched(catalog, firm, url):
    firm.apply()
    active = catalog.provider(uscc=credit_code())
    catalog.database.close()
    migrations.downgrade("catalog", url, "0004")
    engine = connect(url)
    with engine.connect() as connection:
        found = {row.id: row.standing for row in connection.execute(text("SELECT id, standing FROM providers"))}
    engine.dispose()
    assert found == {firm.provider.rpartition("/")[2]: "suspended", active["id"]: "active"}
    migrations.upgrade("catalog", url)
    assert catalog.get(f"/v1/providers/{active['id']}").json() == active
