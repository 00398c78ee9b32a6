"""What the pages around the widget say, in the language of the visitor: the same words as in the script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from services.gateway.widget import script
from shared.contracts.wire import Text


@dataclass(frozen=True)
class Tongue:
    """One language: zh or en."""

    language: str

    @classmethod
    def of(cls, wanted: str) -> "Tongue":
        """English when it is asked for, else Chinese."""
        return cls("en" if wanted.lower().startswith("en") else "zh")

    @property
    def tag(self) -> str:
        """The language tag of a page."""
        return "en" if self.language == "en" else "zh-CN"

    def tell(self, name: str, *facts: object) -> str:
        """A text by its name, with its facts."""
        return cast(str, script.words()["texts"][name][self._place]).format(*facts)

    def say(self, text: Mapping[str, Any] | Text | str) -> str:
        """A sentence of the service."""
        if isinstance(text, str):
            return text
        return str(text[self.language] if isinstance(text, Mapping) else getattr(text, self.language))

    @property
    def _place(self) -> int:
        return 1 if self.language == "en" else 0
