"""What is installed, as a build sees it: who owns a file, and what pip would install."""

import json
import sys
from pathlib import Path, PurePath

import pytest
from packaging.utils import canonicalize_name
from pytest_cases import parametrize

from connector_cli.bundling.installed import Installed


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for distributions, the only one on Python's path."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    return tmp_path


def install(place: Path, name: str, *files: str, requires: tuple[str, ...] = ()) -> Path:
    """Make a folder look as if pip had installed a distribution into it."""
    about = place / f"{name}-1.dist-info"
    about.mkdir()
    lines = [f"Name: {name}", "Version: 1", *(f"Requires-Dist: {each}" for each in requires)]
    (about / "METADATA").write_text("Metadata-Version: 2.4\n" + "\n".join(lines) + "\n")
    (about / "RECORD").write_text("".join(f"{each},,\n" for each in files))
    return about


def closure(name: str) -> set[str]:
    """What would be installed with a distribution, and itself."""
    return set(Installed().closure([canonicalize_name(name)]))


class TestClosure:
    """What pip would install."""

    def test_it_follows_extras_that_are_asked_for(self, place: Path) -> None:
        """And no others; a circle ends, and what is not installed is left out."""
        install(place, "a", requires=("b[x]", "missing"))
        install(place, "b", requires=("c; extra == 'x'", "d; extra == 'y'", "a"))
        install(place, "c")
        install(place, "d")
        assert {"a", "b", "c"} == closure("a")

    @parametrize(requires=[("b", "c"), ("c", "b")], ids=str)
    def test_an_extra_counts_whoever_asks_for_it(
        self, place: Path, requires: tuple[str, ...]
    ) -> None:
        """One requires `b` alone and another one with an extra, in either order."""
        install(place, "a", requires=requires)
        install(place, "b", requires=("d; extra == 'x'",))
        install(place, "c", requires=("b[x]",))
        install(place, "d")
        assert {"a", "b", "c", "d"} == closure("a")

    def test_typer_comes_without_rich(self, place: Path) -> None:
        """Help in a bundle is plain; whoever else requires rich gets it."""
        install(place, "typer", requires=("rich",))
        install(place, "other", requires=("rich",))
        install(place, "rich")
        assert {"typer"} == closure("typer")
        assert {"other", "rich"} == closure("other")

    def test_what_is_broken_is_passed_over(self, place: Path) -> None:
        """Half a distribution, and a requirement that is none."""
        install(place, "a", requires=("b (=>1.*)", "c"))
        install(place, "c")
        (place / "left_behind-1.dist-info").mkdir()
        assert {"a", "c"} == closure("a")


class TestOwner:
    """Whose a file is."""

    def test_a_compiled_module_is_its_sources(self, place: Path) -> None:
        """Whose package it is in; what nobody lists is nobody's."""
        install(place, "a", "pack/module.py")
        assert "a" == Installed().owner(PurePath("pack/module.pyc"))
        assert None is Installed().owner(PurePath("pack/other.py"))

    def test_an_editable_one_owns_what_is_in_its_project(self, place: Path) -> None:
        """In the project's folder, or in `src` there."""
        for layout in ("flat", "src"):
            project = place / f"the project {layout}"
            (project / layout / "pack").mkdir(parents=True)
            (project / layout / "pack" / "module.py").touch()
            origin = {"url": project.as_uri(), "dir_info": {"editable": True}}
            (install(place, layout) / "direct_url.json").write_text(json.dumps(origin))

        assert "src" == Installed().owner(PurePath("pack/module.pyc"))
        assert "flat" == Installed().owner(PurePath("flat/pack/module.pyc"))

    def test_names_on_top_that_several_bring(self, place: Path) -> None:
        """A namespace is brought by each of them."""
        install(place, "a", "space/a.py", "only_a.so")
        install(place, "b", "space/b.py", "b.txt")
        installed = Installed()
        assert {"space", "only_a"} == installed.modules()
        assert {"space"} == installed.modules_of([canonicalize_name("b")])
        assert {"a", "b"} == installed.owners_of_module("space")
