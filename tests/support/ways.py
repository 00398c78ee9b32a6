"""Ways from the gateway to the services behind it that are no network."""

import httpx2
from fastapi import FastAPI

from services.gateway.upstream import Answer, Fields


class Inside:
    """The way to an app in this process."""

    def __init__(self, app: FastAPI) -> None:
        self._client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://behind")

    async def ask(self, method: str, target: str, fields: Fields, body: bytes, seconds: float) -> Answer:
        headers = [(name.encode(), value.encode()) for name, value in fields]
        got = await self._client.request(method, target, headers=headers, content=body, timeout=seconds)
        return Answer(got.status_code, list(got.headers.raw), got.content)

    async def close(self) -> None:
        await self._client.aclose()
