# A text that happens to be Python; no package has it.
