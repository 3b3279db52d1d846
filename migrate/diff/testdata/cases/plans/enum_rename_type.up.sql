-- rename enum type "enum_rename_types_mood"
ALTER TYPE "enum_rename_types_mood" RENAME TO "feeling";
