"""Every model, so that Base.metadata is complete."""

from exhibit.halls.models import Hall, HallEdit, HallEditor
from exhibit.jobs.models import Job
from exhibit.library.models import Asset, AssetChange, AssetFile, File, PublishableAsset, PublishableFile
from exhibit.people.models import Account, FailedSignIn, SignIn
from exhibit.publishing.models import Publishable, Revision

__all__ = [
    "Account",
    "Asset",
    "AssetChange",
    "AssetFile",
    "FailedSignIn",
    "File",
    "Hall",
    "HallEdit",
    "HallEditor",
    "Job",
    "Publishable",
    "PublishableAsset",
    "PublishableFile",
    "Revision",
    "SignIn",
]
