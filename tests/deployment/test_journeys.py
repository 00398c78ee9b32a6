"""The journeys through the public API, on the set of docker-compose.yml."""

import pytest

from tests.journeys.test_journey import (  # noqa: F401 - the very same, found here by pytest
    enter,
    test_an_offering_lives_and_everybody_sees_what_concerns_them,
    test_an_sme_sees_its_own_needs_and_no_others,
)

pytestmark = pytest.mark.timeout(900)
