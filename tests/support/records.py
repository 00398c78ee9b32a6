"""Small, valid bodies for the public API."""

from typing import Any

from stdnum.cn import uscc as credit_codes


def credit_code(number: int) -> str:
    """A valid credit code, another one for each number below 10 million."""
    stem = f"91330106MB{number:07d}"
    return stem + credit_codes.calc_check_digit(stem)


def provider(number: int, **members: Any) -> dict[str, Any]:
    """A provider in Hangzhou."""
    return {"name": f"试验服务商{number}", "uscc": credit_code(number), "region": "330106", **members}


def offering(provider_id: str, **members: Any) -> dict[str, Any]:
    """An offering of a warehouse system that says nothing on price or place."""
    plain = {
        "name": "试验仓库系统",
        "kind": "product",
        "categories": ["warehouse-management"],
        "summary": "扫码出入库。",
    }
    return {**plain, "description": "扫码收货、上架、拣货、盘点。", "provider_id": provider_id, **members}


def application(number: int, **members: Any) -> dict[str, Any]:
    """An application of a provider in Hangzhou that passes its self-assessment."""
    declared = ("truthful", "lawful", "taxes_paid", "fair_prices", "data_protected", "accepts_supervision")
    licence = {"kind": "business-licence", "title": "营业执照", "issuer": "杭州市市场监督管理局"}
    return {
        "provider": provider(number, kind="product", founded=2016),
        "contacts": [{"name": "王敏", "phone": "0571-88880000"}],
        "declarations": dict.fromkeys(declared, True),
        "evidence": [licence | {"valid_from": "2016-05-12", "sha256": "9f" * 32}],
    } | members


def need(
    text: str = "仓库老是发错货，想上一套扫码的仓库系统", region: str = "330106", **members: Any
) -> dict[str, Any]:
    """A need of a small metalware factory."""
    enterprise = {"region": region, "industry": "33", "employees": 45, "annual_revenue": 1_800_000_000}
    return {"text": text, "enterprise": enterprise, **members}
