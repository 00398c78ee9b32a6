"""`python -m services.gateway` serves it over HTTP; `python -m services.gateway migrate` prepares its database."""

from services.gateway.app import create_app
from services.gateway.settings import GatewaySettings
from shared import server

if __name__ == "__main__":
    server.run("gateway", GatewaySettings(), create_app)
