"""Halls built in code: templates with sizes, anchors and doors, as glTF with baked light.

`templates` says what there is and is quick to import. `build` builds one; it loads large libraries, so only jobs and
commands import it.
"""
