"""Pages about plans on their way in: the upload (`entering`), and drafts that are checked."""
