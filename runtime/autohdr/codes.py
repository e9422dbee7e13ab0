"""What programs go by: one code beside each sentence, and what each code means."""

from enum import StrEnum


class Code(StrEnum):
    """A machine-readable word for what came of a photo, a file or an engine, and for every error.

    Sentences may be worded otherwise in another version; codes stay.
    """

    # Photos that are labelled, or left alone.
    LABELLED = "labelled"
    LABELLED_ALREADY = "labelled_already"
    EDITED = "edited"
    CORRECTED = "corrected"
    COMPLETE = "complete"
    OLD_PROCESS = "old_process"
    OTHERS_SIDECAR = "others_sidecar"

    # Photos of a page.
    SHOWN = "shown"

    # Photos that are not learnt from.
    NO_SIDECAR = "no_sidecar"
    UNREADABLE_SIDECAR = "unreadable_sidecar"
    AMBIGUOUS_SIDECAR = "ambiguous_sidecar"
    UNREADABLE_FOLDER = "unreadable_folder"
    EDITED_IN_SDR = "edited_in_sdr"
    EDITED_IN_HDR = "edited_in_hdr"
    EDITED_IN_COLOUR = "edited_in_colour"
    EDITED_IN_BLACK_AND_WHITE = "edited_in_black_and_white"
    NEVER_EDITED = "never_edited"
    NO_SETTINGS = "no_settings"
    NO_LABELS = "no_labels"
    LABELLED_BY_AUTOHDR = "labelled_by_autohdr"
    MISSING_FILE = "missing_file"
    VIRTUAL_COPY = "virtual_copy"
    WORTH_EDITING = "worth_editing"

    # Sidecars and DNGs that are undone, or not.
    RESTORED = "restored"
    RESTORED_LABEL = "restored_label"
    REMOVED = "removed"
    CHANGED_SINCE = "changed_since"
    NO_ORIGINAL = "no_original"
    LINKED = "linked"

    # Photos of several tables.
    DIFFERENT = "different"

    # Files of photos that cannot be read, understood or written.
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    TRUNCATED = "truncated"
    UNSUPPORTED = "unsupported"
    NO_PREVIEW = "no_preview"
    NO_ANSWER = "no_answer"
    SIDECAR_REFUSED = "sidecar_refused"
    PHOTO_REFUSED = "photo_refused"
    FILE_REFUSED = "file_refused"
    CATALOG_REFUSED = "catalog_refused"

    # Models, engines and plans.
    MODEL_REFUSED = "model_refused"
    ENGINE_REFUSED = "engine_refused"
    CLUSTER_REFUSED = "cluster_refused"
    OUT_OF_MEMORY = "out_of_memory"
    DEVICE_LOST = "device_lost"
    RUNS = "runs"
    KEPT = "kept"

    # Notes.
    DNGS_INSIDE = "dngs_inside"
    DNGS_BESIDE = "dngs_beside"
    PASSED_OVER = "passed_over"
    WATCHING = "watching"
    UNSAVED_METADATA = "unsaved_metadata"
    MACHINE_LEFT = "machine_left"
    NOTE = "note"

    # How a command ends.
    DONE = "done"
    SOME_FAILED = "some_failed"
    STOPPED = "stopped"
    SLOWER = "slower"
    INTERRUPTED = "interrupted"
    WRONG_SETTING = "wrong_setting"
    BUSY = "busy"
    NOTHING_TO_LEARN = "nothing_to_learn"
    EXPORT_REFUSED = "export_refused"
    MISSING_EXTRA = "missing_extra"
    DISK_FULL = "disk_full"
    BUG = "bug"

    @property
    def meaning(self) -> str:
        """What the code means, as the reference of JSON lines says it."""
        return _MEANINGS[self]


_MEANINGS = {
    Code.LABELLED: "its sliders are written, or in a dry run would be",
    Code.LABELLED_ALREADY: "an earlier run has labelled it, and its label would be the same now",
    Code.EDITED: "it has edits that are not autohdr's, so it is left alone",
    Code.CORRECTED: "it was labelled by autohdr and changed by its photographer since, so it is left alone",
    Code.COMPLETE: "it has all eight sliders, so there is nothing to fill in",
    Code.OLD_PROCESS: "its settings are of a process version before 2012 (6.7), which autohdr does not change",
    Code.OTHERS_SIDECAR: "its sidecar belongs to another RAW file of its name",
    Code.SHOWN: "the page shows it before and after its settings",
    Code.NO_SIDECAR: "it has no sidecar",
    Code.UNREADABLE_SIDECAR: "its sidecar cannot be read or understood",
    Code.AMBIGUOUS_SIDECAR: "it is not clear which sidecar is its own",
    Code.UNREADABLE_FOLDER: "a folder cannot be searched",
    Code.EDITED_IN_SDR: "it is edited in SDR, and most are in HDR",
    Code.EDITED_IN_HDR: "it is edited in HDR, and most are in SDR",
    Code.EDITED_IN_COLOUR: "it is edited in colour, and most are in black and white",
    Code.EDITED_IN_BLACK_AND_WHITE: "it is edited in black and white, and most are in colour",
    Code.NEVER_EDITED: "its settings were saved and never changed",
    Code.NO_SETTINGS: "its sidecar holds no develop settings",
    Code.NO_LABELS: "its settings hold none of the eight sliders that can be learnt",
    Code.LABELLED_BY_AUTOHDR: "its settings are autohdr's own label",
    Code.MISSING_FILE: "the catalog lists it, and its file is not where the catalog says",
    Code.VIRTUAL_COPY: "it is a virtual copy, which a catalog holds and no file",
    Code.WORTH_EDITING: "its edit would tell most of how the others are to be edited, after those before it",
    Code.RESTORED: "it is again what it was before autohdr first changed it",
    Code.RESTORED_LABEL: "it is again what it was, and that still holds an older label of autohdr's",
    Code.REMOVED: "autohdr had made it, and it is gone",
    Code.CHANGED_SINCE: "somebody has changed it since autohdr wrote it, so it is left alone",
    Code.NO_ORIGINAL: "what it was before is gone or has changed, so it is left alone",
    Code.LINKED: "it is a link to a file that autohdr made; undo that one",
    Code.DIFFERENT: "tables that were put together say different things of it, or of some photos",
    Code.UNREADABLE: "the system does not let the file be read, or it is no file",
    Code.DAMAGED: "the file is damaged, or its decoder does not understand it",
    Code.TRUNCATED: "a part of the picture is missing or damaged",
    Code.UNSUPPORTED: "it is of a kind that is not supported, or not by the decoder that was chosen",
    Code.NO_PREVIEW: "it holds no preview that the model could be fed",
    Code.NO_ANSWER: "its decoder, or the engine, took too long, crashed or did not start",
    Code.SIDECAR_REFUSED: "its sidecar, or what the DNG holds, cannot be understood or changed safely",
    Code.PHOTO_REFUSED: "it cannot be labelled, for another reason than its files",
    Code.FILE_REFUSED: "the system refuses to read or write a file",
    Code.CATALOG_REFUSED: "a Lightroom catalog, or what it says of a photo, cannot be read or understood",
    Code.MODEL_REFUSED: "the model or style is missing, damaged, not autohdr's, or from a newer version",
    Code.ENGINE_REFUSED: "the engine cannot run here",
    Code.CLUSTER_REFUSED: "the cluster cannot be used, or none of its machines",
    Code.OUT_OF_MEMORY: "the device has too little memory",
    Code.DEVICE_LOST: "the device has stopped answering",
    Code.RUNS: "the engine can run here",
    Code.KEPT: "the plan is in the cache folder",
    Code.DNGS_INSIDE: "labels of DNGs go into the DNGs",
    Code.DNGS_BESIDE: "labels of DNGs go into sidecars beside them",
    Code.PASSED_OVER: "files that were named are no RAW files",
    Code.WATCHING: "what is in the folders is labelled, and then what arrives there",
    Code.UNSAVED_METADATA: "Lightroom has metadata of some photos that it has not saved to their files",
    Code.MACHINE_LEFT: "a machine of a cluster does no more of the run; the others do its photos",
    Code.NOTE: "something to know of what was done",
    Code.DONE: "all that was asked for is done",
    Code.SOME_FAILED: "some photos failed, or some sidecars are left as they are",
    Code.STOPPED: "the run ended before all photos were done: interrupted, a full disk, a lost device",
    Code.SLOWER: "something has become slower",
    Code.INTERRUPTED: "it was interrupted before it was done",
    Code.WRONG_SETTING: "an option or a path is impossible",
    Code.BUSY: "another run works in the folder",
    Code.NOTHING_TO_LEARN: "there is too little to learn from, or learning diverged",
    Code.EXPORT_REFUSED: "the exported model answers otherwise than the trained one, or is not faster",
    Code.MISSING_EXTRA: "a package is not installed",
    Code.DISK_FULL: "a file cannot be written: the disk is full or read-only",
    Code.BUG: "a bug of autohdr's; please report it",
}
