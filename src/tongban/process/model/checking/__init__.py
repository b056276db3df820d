"""Whether a process is fit to be published, in words: structure, soundness, roles and limits."""

from tongban.process.model.checking.check import check
from tongban.process.model.checking.findings import (
    KIND_NAMES,
    SEVERITY_NAMES,
    Finding,
    FindingKind,
    Report,
)

__all__ = ["KIND_NAMES", "SEVERITY_NAMES", "Finding", "FindingKind", "Report", "check"]
