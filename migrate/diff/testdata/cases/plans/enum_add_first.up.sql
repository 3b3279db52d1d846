-- extend enum type "enum_add_firsts_mood"
ALTER TYPE "enum_add_firsts_mood" ADD VALUE 'calm' BEFORE 'sad';
