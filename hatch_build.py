"""Build hook of the wheel: builds the assets, compiles the catalogues and ships what is not Python.

The top-level folders ``templates/``, ``static/dist/`` and ``migrations/`` go into ``civic/_shipped``, where
``civic.paths.project_file`` finds them in an installation. An editable installation needs no copies: it uses the
checkout.
"""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: Folder of the checkout -> folder of the wheel.
SHIPPED = {
    "templates": "civic/_shipped/templates",
    "static/dist": "civic/_shipped/static/dist",
    "migrations": "civic/_shipped/migrations",
}


def load_by_path(path: Path) -> ModuleType:
    """Import one file alone: the package around it needs libraries that a build environment lacks."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class CustomBuildHook(BuildHookInterface):
    """Runs before hatchling collects the files of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build everything that is generated, then say where it goes.

        Raises RuntimeError when the assets cannot be built or a folder to ship is missing.
        """
        root = Path(self.root)
        front_end = load_by_path(root / "civic" / "frontend_build.py")
        try:
            front_end.build(root)
        except front_end.BuildError as error:
            raise RuntimeError(str(error)) from error
        catalogues = root / "civic" / "catalogues.py"
        if catalogues.is_file():
            load_by_path(catalogues).compile_catalogues()
            # Compiled catalogues are not under version control, and hatchling leaves such files out unasked.
            build_data["artifacts"].append("civic/translations/**/*.mo")
        if version == "editable":
            return
        for source, target in SHIPPED.items():
            folder = root / source
            if not folder.is_dir():
                raise RuntimeError(f"{folder} is missing: the wheel would not run without it")
            build_data["force_include"][str(folder)] = target
