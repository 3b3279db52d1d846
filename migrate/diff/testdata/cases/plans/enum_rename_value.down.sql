-- rename a value of enum type "enum_rename_values_mood"
ALTER TYPE "enum_rename_values_mood" RENAME VALUE 'happy' TO 'glad';
