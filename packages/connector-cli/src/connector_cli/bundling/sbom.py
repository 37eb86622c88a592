"""The software bill of materials of a bundle, in CycloneDX."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component as Entry
from cyclonedx.model.component import ComponentType
from cyclonedx.output.json import JsonV1Dot6

from connector_cli.bundling.components import PYTHON, Component, Contents
from connector_cli.bundling.metadata import Metadata

FILE = "sbom.cdx.json"
"""Its name, by which scanners know the format."""


def write_sbom(metadata: Metadata, contents: Contents, path: Path, *, epoch: int) -> None:
    """Write the bill of materials of a bundle.

    Parameters:
        metadata: which connector the bundle is.
        contents: what else is in it.
        path: the file to write.
        epoch: seconds since 1970, the time at which the bill says it was made.
    """
    connector = Entry(
        name=metadata.app_id,
        version=metadata.version,
        type=ComponentType.APPLICATION,
        bom_ref=metadata.name,
    )
    entries = {each.name: _entry(each) for each in contents.components}
    known = [f"{each.name} {each.version} {each.digest}" for each in contents.components]
    bom = Bom(
        # The same bundle has the same number.
        serial_number=uuid5(NAMESPACE_URL, "\n".join([metadata.text(), *known])),
        components=entries.values(),
        metadata=BomMetaData(component=connector, timestamp=datetime.fromtimestamp(epoch, UTC)),
    )
    bom.register_dependency(connector, _named(entries, contents.required))
    for each in contents.components:
        bom.register_dependency(entries[each.name], _named(entries, each.requires))

    path.write_text(JsonV1Dot6(bom).output_as_string(indent=2), encoding="utf-8", newline="\n")


def _named(entries: Mapping[str, Entry], names: AbstractSet[str]) -> list[Entry]:
    return [entries[name] for name in sorted(names) if name in entries]


def _entry(component: Component) -> Entry:
    licences = LicenseFactory()
    return Entry(
        name=component.name,
        version=component.version,
        type=ComponentType.PLATFORM if component.name == PYTHON else ComponentType.LIBRARY,
        bom_ref=component.name,
        purl=component.purl,
        licenses=[licences.make_from_string(component.licence)] if component.licence else (),
        hashes=(
            [HashType(alg=HashAlgorithm.SHA_256, content=component.digest)]
            if component.digest
            else ()
        ),
    )
