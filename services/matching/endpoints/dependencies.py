"""What endpoints are given beside the request."""

from typing import Annotated

from fastapi import Depends, Request

from services.matching.live import View


def _view(request: Request) -> View:
    view: View = request.app.state.live.view
    return view


def _demo(request: Request) -> bool:
    return bool(request.app.state.demo)


CurrentView = Annotated[View, Depends(_view)]
DemoMode = Annotated[bool, Depends(_demo)]
