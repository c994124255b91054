"""The rules: one file each, in the folder of its family; `family/slug` is the rule's name."""
