"""`python -m services.catalog` serves it over HTTP; `python -m services.catalog migrate` prepares its database."""

from services.catalog.app import create_app
from services.catalog.settings import CatalogSettings
from shared import server

if __name__ == "__main__":
    server.run("catalog", CatalogSettings(), create_app)
