"""Blueprints and pages: what a site is made of, and the snapshot a build takes in."""

from typing import TYPE_CHECKING

from igny8.core.lazy import lazy_face

if TYPE_CHECKING:
    from igny8.sitebuilder.cms import (
        Edited,
        add_page,
        edit_page,
        keep_addresses,
        move_page,
        page_text,
        remove_page,
        set_fields,
        set_template,
    )
    from igny8.sitebuilder.editing import Beside, path_of
    from igny8.sitebuilder.files import (
        AddedFile,
        add_site_files,
        describe_site_file,
        remove_site_files,
        site_file,
        site_files,
    )
    from igny8.sitebuilder.services import (
        Generated,
        apply,
        estimate,
        export_authors,
        generate,
    )
    from igny8.sitebuilder.shelf import Choice, Origin, template_choices
    from igny8.sitebuilder.snapshots import (
        AUTHORS,
        pages,
        snapshot_of_files,
        take_snapshot,
        template_roots,
    )
    from igny8.sitebuilder.starters import Starter
    from igny8.sitebuilder.starting import (
        Begun,
        start,
        starter_choices,
        starter_named,
        usual_starter,
    )
    from igny8.sitebuilder.store import BlueprintVersion
    from igny8.sitebuilder.types import Snapshot
    from igny8.sitebuilder.uploads import FileState, SiteFile
else:
    __getattr__ = lazy_face(__name__, __file__)

__all__ = [
    "AUTHORS",
    "AddedFile",
    "Begun",
    "Beside",
    "BlueprintVersion",
    "Choice",
    "Edited",
    "FileState",
    "Generated",
    "Origin",
    "SiteFile",
    "Snapshot",
    "Starter",
    "add_page",
    "add_site_files",
    "apply",
    "describe_site_file",
    "edit_page",
    "estimate",
    "export_authors",
    "generate",
    "keep_addresses",
    "move_page",
    "page_text",
    "pages",
    "path_of",
    "remove_page",
    "remove_site_files",
    "set_fields",
    "set_template",
    "site_file",
    "site_files",
    "snapshot_of_files",
    "start",
    "starter_choices",
    "starter_named",
    "take_snapshot",
    "template_choices",
    "template_roots",
    "usual_starter",
]
