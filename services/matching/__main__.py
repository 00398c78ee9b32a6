"""`python -m services.matching` serves it over HTTP; `python -m services.matching migrate` prepares its database."""

from services.matching.app import create_app
from services.matching.settings import MatchingSettings
from shared import server

if __name__ == "__main__":
    server.run("matching", MatchingSettings(), create_app)
