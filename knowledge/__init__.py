"""Questions and answers: articles as files, and the engine that finds the right one."""
