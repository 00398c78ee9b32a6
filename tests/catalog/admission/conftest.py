"""A firm that applies."""

import pytest

from tests.catalog.admission.firms import Firm
from tests.catalog.conftest import Catalog, credit_code


@pytest.fixture
def firm(catalog: Catalog) -> Firm:
    """A firm in Hangzhou that has not applied yet."""
    return Firm(catalog, credit_code())
