package sqltext_test

import (
	"testing"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

func TestPositionAtTheBorders(t *testing.T) {
	const src = bom + "aé\r\nb\n\rc"
	//            offsets: a 3, é 4-5, CR 6, LF 7, b 8, LF 9, CR 10, c 11
	for _, c := range []struct{ offset, line, column int }{
		{-1, 1, 1},
		{0, 1, 1},
		{1, 1, 1},
		{3, 1, 1},
		{4, 1, 2},
		{5, 1, 2},
		{6, 1, 3},
		{7, 1, 4},
		{8, 2, 1},
		{9, 2, 2},
		{10, 3, 1},
		{11, 4, 1},
		{12, 4, 2},
		{13, 4, 2},
		{1000, 4, 2},
	} {
		if line, column := sqltext.Position(src, c.offset); line != c.line || column != c.column {
			t.Errorf("Position(%d) = %d:%d, want %d:%d", c.offset, line, column, c.line, c.column)
		}
	}
	if line, column := sqltext.Position("x\r", 2); line != 2 || column != 1 {
		t.Errorf("after a CR at the end: %d:%d", line, column)
	}
	if line, column := sqltext.Position("", 0); line != 1 || column != 1 {
		t.Errorf("of an empty text: %d:%d", line, column)
	}
}

func TestStmtPositionTurnsCharactersIntoPlacesInTheFile(t *testing.T) {
	stmts, err := sqltext.Split("-- é\r\n  SELECT 'é',\r\n x;\n")
	if err != nil || len(stmts) != 1 {
		t.Fatal(stmts, err)
	}
	for _, c := range []struct{ char, line, column int }{
		{-1, 2, 3}, {0, 2, 3}, {1, 2, 4}, // S, E
		{8, 2, 11}, {9, 2, 12}, {10, 2, 13}, // é, the quote, the comma
		{11, 2, 14}, {12, 2, 15}, // CR, LF
		{13, 3, 1}, {14, 3, 2}, {15, 3, 3}, {16, 3, 3}, // blank, x, past the end
	} {
		if line, column := stmts[0].Position(c.char); line != c.line || column != c.column {
			t.Errorf("Position(%d) = %d:%d, want %d:%d", c.char, line, column, c.line, c.column)
		}
	}
}
