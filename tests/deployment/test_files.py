"""docker-compose.yml and .env.example, as they stand: what every container must be, and must not be."""

import re

import pytest

from services.catalog.settings import CatalogSettings
from services.gateway.settings import GatewaySettings
from services.installation import SECRETS, SERVERS
from services.matching.settings import MatchingSettings
from shared.settings import Settings
from tests.support import compose_file, images

RAW = compose_file.raw()
PARTS = RAW["services"]
JOBS = {name for name, part in PARTS.items() if part["restart"] == "no"}
STAYING = sorted(PARTS.keys() - JOBS)
SETTINGS = (Settings, CatalogSettings, MatchingSettings, GatewaySettings)
AS_ROOT = {"meilisearch-volume"}
"""Gives a new volume to the user of the server; without network, ends at once."""
PUBLISHED = {"gateway"}
TOO_BROAD = {"latest", "stable", "main", "edge"}


def every_part(*names):
    return pytest.mark.parametrize("name", names or sorted(PARTS))


def filled(**given):
    return compose_file.read({"DUIJIE_GATEWAY_PUBLIC_KEY": "g", "DUIJIE_MATCHING_PUBLIC_KEY": "m", **given})


@every_part()
def test_a_container_has_no_more_rights_than_it_needs(name):
    part = PARTS[name]
    assert part["read_only"] is True
    assert part["cap_drop"] == ["ALL"]
    assert part["security_opt"] == ["no-new-privileges:true"]
    assert not part.keys() & {"privileged", "pid", "ipc", "devices", "env_file", "extra_hosts"}
    assert part.get("cap_add", []) == (["CHOWN"] if name in AS_ROOT else [])
    assert (part["user"].split(":")[0] == "0") == (name in AS_ROOT)
    assert name not in AS_ROOT or (part["network_mode"] == "none" and name in JOBS)


@every_part()
def test_a_container_cannot_take_the_whole_machine(name):
    limits = PARTS[name]["deploy"]["resources"]["limits"]
    assert limits.keys() == {"cpus", "memory", "pids"}
    assert PARTS[name]["logging"]["options"].keys() >= {"max-size", "max-file"}
    assert all("size=" in mount for mount in PARTS[name].get("tmpfs", []))


@every_part(*STAYING)
def test_what_stays_is_restarted_and_says_how_it_is(name):
    part = PARTS[name]
    assert part["restart"] == "unless-stopped"
    assert part["healthcheck"]["test"][0] == "CMD"
    assert part["healthcheck"].keys() >= {"interval", "timeout", "retries", "start_period"}


@every_part()
def test_a_container_waits_for_what_it_needs(name):
    for other, condition in PARTS[name].get("depends_on", {}).items():
        ends = condition["condition"] == "service_completed_successfully"
        assert ends == (other in JOBS), f"{name} waits for {other} in a way that cannot come true"
        assert ends or condition["condition"] == "service_healthy"


@every_part()
def test_an_image_is_pinned_or_built_here(name):
    part = PARTS[name]
    image = part["image"]
    if "build" in part:
        assert part["build"]["target"] in images.stages()
        assert image.startswith("duijie-")
    else:
        tag = image.partition(":")[2]
        assert tag not in TOO_BROAD
        assert re.search(r"\d+\.\d+", tag), f"{image} names no version"


def test_the_base_images_are_pinned():
    bases = {rest.split(" AS ")[0] for steps in images.stages().values() for word, rest in steps if word == "FROM"}
    assert all(re.fullmatch(r"\S+:\d+\.\d+\.\d+\S*", base) for base in bases)


def test_only_the_door_is_published_and_on_this_machine_alone_by_default():
    assert {name for name, part in PARTS.items() if part.get("ports")} == PUBLISHED
    assert filled()["services"]["gateway"]["ports"] == ["127.0.0.1:8080:8080"]
    assert RAW["networks"]["inside"]["internal"] is True
    assert {name for name, part in PARTS.items() if part.get("networks", []) not in (["inside"], [])} == PUBLISHED


@every_part()
def test_every_variable_is_a_setting(name):
    prefix = {str(kind.model_config["env_prefix"]): kind for kind in SETTINGS}
    known = {
        str(field.validation_alias or begin + named.upper())
        for begin, kind in prefix.items()
        for named, field in kind.model_fields.items()
    }
    ours = {variable for variable in PARTS[name].get("environment", {}) if variable.startswith("DUIJIE_")}
    assert not ours - known - {"DUIJIE_URL"}, "DUIJIE_URL is an option of the command"


def test_every_secret_is_a_file_that_is_made_and_used():
    declared = RAW["secrets"]
    used = {secret for part in PARTS.values() for secret in part.get("secrets", [])}
    assert used == set(declared)
    searching = {"meili-master-key", "meili-search-key", "meili-indexer-key"}
    assert set(declared) == {*SECRETS, *SERVERS, *searching}
    assert all(secret["file"].endswith(f"/{name}") for name, secret in declared.items())


def test_only_the_server_and_its_preparation_know_the_master_key():
    knowing = {name for name, part in PARTS.items() if "meili-master-key" in part.get("secrets", [])}
    assert knowing == {"meilisearch", "search-prepare"}


def test_there_is_no_secret_in_the_files_and_none_has_a_default():
    secretive = re.compile(r"(?i)(password|secret|master_key|token|pepper)")
    for part in PARTS.values():
        for name, value in part.get("environment", {}).items():
            assert not secretive.search(name) or str(value).startswith("/run/secrets"), name
            assert not re.search(r"://[^/@]*:[^/@]*@", str(value)), f"{name} holds a password"
    assert not [name for name in compose_file.variables() if secretive.search(name.removeprefix("DUIJIE_SECRETS"))]


def test_it_does_not_start_before_the_keys_were_made():
    with pytest.raises(compose_file.Unset, match="GATEWAY_PUBLIC_KEY"):
        compose_file.read(compose_file.variables())


def test_the_example_names_every_variable_that_is_read():
    text = compose_file.FILE.read_text("utf-8")
    assert set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text)) == set(compose_file.variables())


@every_part(*STAYING)
def test_a_service_gets_the_secrets_of_its_own_database_alone(name):
    part = PARTS[name]
    if name == "postgres":
        return
    service = name.split("-")[0]
    passwords = {secret for secret in part["secrets"] if secret.endswith("-database-password")}
    assert passwords <= {f"{service}-database-password"}
