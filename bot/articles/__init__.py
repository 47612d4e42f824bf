"""The articles as people meet them: the catalogue, the answer service, drafts and gaps."""
