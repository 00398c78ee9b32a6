"""What every answer says of an offering whatever the need: spelled as JSON when it is read, and only copied later."""

from collections.abc import Iterable
from json.encoder import encode_basestring as quote

from shared.contracts.changes import OfferingRecord, ProviderRecord


def of(offering: OfferingRecord, provider: ProviderRecord | None) -> bytes:
    """The members of `shared.contracts.matches.Result` from its id to its hash, as that model would spell them."""
    content = offering.content
    name = provider.content.name if provider else offering.provider_id
    return (
        f'"offering_id":{quote(offering.id)},"external_id":{_or_null(offering.external_id)},'
        f'"provider_id":{quote(offering.provider_id)},"name":{quote(content.name)},"provider_name":{quote(name)},'
        f'"categories":{listed(content.categories)},"summary":{quote(content.summary)},"version":{offering.version},'
        f'"content_hash":{quote(offering.content_hash)}'
    ).encode()


def _or_null(words: str | None) -> str:
    return "null" if words is None else quote(words)


def listed(words: Iterable[str]) -> str:
    """These words as a JSON array."""
    return f"[{','.join(map(quote, words))}]"
