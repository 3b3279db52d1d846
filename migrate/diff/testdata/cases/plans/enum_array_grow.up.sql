-- extend enum type "enum_array_grow_type"
ALTER TYPE "enum_array_grow_type" ADD VALUE 'calm';
