-- rename enum type "enum_rename_types_mood"
ALTER TYPE "feeling" RENAME TO "enum_rename_types_mood";
