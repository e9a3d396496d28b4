"""Every model, so that Base.metadata is complete."""

from exhibit.halls.models import Hall
from exhibit.jobs.models import Job
from exhibit.library.models import Asset, File, Release
from exhibit.people.models import Account, FailedSignIn, SignIn

__all__ = ["Account", "Asset", "FailedSignIn", "File", "Hall", "Job", "Release", "SignIn"]
