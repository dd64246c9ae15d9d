"""What the site is made of besides our own code: pinned by hash, listed with its licence."""

import ast
import re
import sys
from importlib import metadata
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.utils import matches_patterns
from django.test import SimpleTestCase

from physiohub.static import StaticFilesConfig

ROOT = Path(settings.BASE_DIR)
OUR_OWN = {"articles", "references", "physiohub", "tests"}
#: Needed on other systems or Pythons than those CI has.
ELSEWHERE = {"async-timeout", "brotlicffi", "colorama"}
#: Gathers the words to translate (`make messages`), which no running site does. It is under the BSD
#: licence.
OF_DEVELOPERS = {"babel"}
#: A package under one of these alone would put the site under it.
NOT_ALONE = re.compile(r"\b(?:A?GPL|GNU (?:Affero )?General Public)", re.I)
FREER = re.compile(r"LGPL|Lesser|MPL|Mozilla|MIT|BSD|Apache", re.I)


def pinned(name):
    """Return {package: its lines} of a requirements file."""
    blocks = re.split(r"\n(?=[a-z])", (ROOT / name).read_text())
    return {re.split(r"==", block)[0]: block for block in blocks if "==" in block.split("\n")[0]}


def declared(package):
    """Return the licence that a package declares."""
    found = metadata.metadata(package)
    classifiers = [
        one.split(" :: ")[-1]
        for one in found.get_all("Classifier", [])
        if one.startswith("License ::") and one != "License :: OSI Approved"
    ]
    whole = found.get("License-Expression") or "; ".join(classifiers) or found.get("License", "")
    return whole.split("\n")[0]


def rows_of(heading):
    text = (ROOT / "docs/licences.md").read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {row[0].strip("`"): row[1] for row in rows[2:]}


class EveryPackage(SimpleTestCase):
    def test_is_pinned_with_the_hashes_of_its_files(self):
        for name in ("requirements.txt", "requirements-dev.txt"):
            for package, block in pinned(name).items():
                with self.subTest(name, package=package):
                    self.assertRegex(block, r"^[a-z0-9-]+==[0-9][\w.]*")
                    self.assertIn("--hash=sha256:", block)

    def test_has_the_version_that_its_reason_stands_beside(self):
        for name in ("requirements", "requirements-dev"):
            held = pinned(f"{name}.txt")
            for line in (ROOT / f"{name}.in").read_text().splitlines():
                if line.startswith(("#", "-r")) or not line.strip():
                    continue
                package, version = re.match(r"([a-z0-9-]+)==([\w.]+)", line).groups()
                with self.subTest(package):
                    self.assertIn(f"{package}=={version}", held.get(package, ""))
                    self.assertRegex(line, r"  # \w")

    def test_is_listed_with_the_licence_it_declares(self):
        listed, shipped = rows_of("Packages"), set(pinned("requirements.txt"))
        self.assertEqual(set(listed), shipped)
        for package in sorted(shipped - ELSEWHERE):
            with self.subTest(package):
                self.assertEqual(listed[package], declared(package))

    def test_that_ships_is_under_more_than_the_gpl(self):
        for package, licence in {
            **rows_of("Packages"),
            **rows_of("Files sent to browsers"),
        }.items():
            with self.subTest(package):
                self.assertTrue(licence.strip())
                self.assertTrue(FREER.search(licence) or not NOT_ALONE.search(licence), licence)

    def test_that_the_site_imports_ships_with_it(self):
        """What only tests need may be under any licence, so the site must not import it."""
        of_module = metadata.packages_distributions()
        shipped = set(pinned("requirements.txt"))
        imported = set()
        for room in ("articles", "references", "physiohub"):
            for path in (ROOT / room).rglob("*.py"):
                for node in ast.walk(ast.parse(path.read_text())):
                    if isinstance(node, ast.Import):
                        imported |= {name.name.split(".")[0] for name in node.names}
                    elif isinstance(node, ast.ImportFrom) and not node.level:
                        imported.add(node.module.split(".")[0])
        foreign = imported - OUR_OWN - set(sys.stdlib_module_names)
        self.assertIn("django", foreign)
        for module in sorted(foreign):
            with self.subTest(module):
                names = {name.lower().replace("_", "-") for name in of_module[module]}
                known = names & (shipped | OF_DEVELOPERS)
                self.assertTrue(known, f"{module} of {names} is not in requirements.txt")


class EveryFolderOfFiles(SimpleTestCase):
    def test_of_somebody_else_is_listed_with_its_licence(self):
        ignored = StaticFilesConfig.create("physiohub.static.StaticFilesConfig").ignore_patterns
        licences = set()
        for finder in get_finders():
            for path, _storage in finder.list(ignored):
                if "license" in Path(path).name.lower() and not matches_patterns(path, ignored):
                    licences.add(str(Path(path).parent))
        self.assertEqual(licences, set(rows_of("Files sent to browsers")))
