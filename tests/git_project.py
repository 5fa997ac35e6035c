"""A small project in a git repository of its own: a page, the document, the generated package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SETTINGS = """\
[tool.tallystick]
spec = "api/openapi.yaml"
pages = "api/pages"
output = "client"
package = "boxes"
"""
PAGE = """\
openapi: 3.1.0
info: {title: Boxes, version: "1.0.0"}
security: [{key: []}]
paths:
  /boxes/{box_id}:
    get:
      operationId: get_box
      parameters:
        - {name: box_id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: The box.
          content: {application/json: {schema: {$ref: '#/components/schemas/Box'}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Box:
      type: object
      required: [size]
      properties:
        size: {type: integer}
"""


def environment(home: Path) -> dict[str, str]:
    """The environment of a program that reads no configuration of the person who runs the tests."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **{f"GIT_{who}_NAME": "Someone" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "someone@example.com" for who in ("AUTHOR", "COMMITTER")},
    }


class Project:
    """The repository at ``root``; ``environment`` is that of everything that runs in it."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root = root
        self.environment = environment(home)
        root.mkdir()
        self.write("pyproject.toml", SETTINGS)
        self.write("api/pages/boxes.yaml", PAGE)
        self.make()
        self.git("init", "-q", "-b", "main")
        self.commit("The first edition")

    def write(self, path: str, text: str) -> None:
        """Write a file, and the folders above it."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def make(self) -> None:
        """Assemble the document and generate the package."""
        for verb in ("assemble", "generate"):
            self.run(sys.executable, "-m", "tallystick", verb).check_returncode()

    def git(self, *words: str) -> str:
        """What a command of git prints."""
        done = self.run("git", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, message: str) -> None:
        """Commit all that there is."""
        self.git("add", "-A")
        self.git("commit", "-q", "--no-verify", "-m", message)

    def restore(self) -> None:
        """Go back to the last commit, whatever was changed since."""
        self.git("reset", "-q", "--hard")
        self.git("clean", "-qfdx")

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a program in the repository, with ``more`` in its environment."""
        env = self.environment | more
        return subprocess.run(
            words,
            cwd=self.root,
            env=env,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
