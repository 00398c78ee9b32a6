"""What endpoints are given beside the request; asynchronous, for another would be given a thread to read a field."""

from typing import Annotated

from fastapi import Depends, Request

from services.matching.live import View
from services.matching.open_needs import OpenNeeds


async def _view(request: Request) -> View:
    view: View = request.app.state.live.view
    return view


async def _needs(request: Request) -> OpenNeeds:
    needs: OpenNeeds = request.app.state.open_needs
    return needs


async def _demo(request: Request) -> bool:
    return bool(request.app.state.demo)


CurrentView = Annotated[View, Depends(_view)]
DemoMode = Annotated[bool, Depends(_demo)]
CurrentNeeds = Annotated[OpenNeeds, Depends(_needs)]
