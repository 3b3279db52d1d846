package diff_test

import (
	"context"
	"database/sql"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/plinth-db/plinth/internal/pgserver"
	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate/diff"
)

// changeCase is one change of a schema.
type changeCase struct {
	name          string
	before, after caseSide
}

// caseSide is one file of a case: the model of its entities, and its notes.
type caseSide struct {
	model *diff.Model
	notes map[string][]string // "keeps" to the texts after "// keeps: "
}

func loadCase(t *testing.T, name string) changeCase {
	t.Helper()
	return changeCase{name: name, before: loadSide(t, "before", name), after: loadSide(t, "after", name)}
}

func loadSide(t *testing.T, side, name string) caseSide {
	t.Helper()
	path := filepath.Join(casesDir, side, name+".go")
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	m, err := model(t, filepath.Join(casesDir, side)).Only(entitiesOf(file)...)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	notes, err := notesOf(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return caseSide{m, notes}
}

// entitiesOf are the types that embed ent.Schema.
func entitiesOf(file *ast.File) (names []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if s, ok := spec.Type.(*ast.StructType); ok && slices.ContainsFunc(s.Fields.List, embedsSchema) {
			names = append(names, spec.Name.Name)
		}
		return false
	})
	return names
}

func embedsSchema(f *ast.Field) bool {
	s, ok := f.Type.(*ast.SelectorExpr)
	return ok && len(f.Names) == 0 && s.Sel.Name == "Schema"
}

// noteNames are the notes that a case can hold; testdata/cases/before/doc.go explains them.
var noteNames = []string{"by hand", "rows", "keeps", "gives", "gets", "fails", "mend", "kept"}

func notesOf(file *ast.File) (map[string][]string, error) {
	notes := make(map[string][]string)
	for _, group := range file.Comments {
		if group == file.Doc {
			continue
		}
		for _, c := range group.List {
			name, text, ok := strings.Cut(strings.TrimPrefix(c.Text, "// "), ": ")
			if !ok || !slices.Contains(noteNames, name) {
				return nil, fmt.Errorf("a note that nobody knows: %s", c.Text)
			}
			notes[name] = append(notes[name], text)
		}
	}
	return notes, nil
}

// ask is what the queries of a note answer, a line for each row.
func (s caseSide) ask(t *testing.T, db *sql.DB, note string) string {
	t.Helper()
	var b strings.Builder
	for _, query := range s.notes[note] {
		var answer sql.NullString
		const lines = "SELECT string_agg(a::text, E'\\n' ORDER BY a::text) FROM (%s) a"
		if err := db.QueryRowContext(t.Context(), fmt.Sprintf(lines, query)).Scan(&answer); err != nil {
			t.Fatalf("%v\nin %s", err, query)
		}
		b.WriteString(answer.String + "\n")
	}
	return b.String()
}

// pool keeps scratch databases for the next case. They are emptied when they are handed out, never dropped before the run ends.
var pool struct {
	mu   sync.Mutex
	free []*sql.DB
}

const emptied = `DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC`

// pooled makes scratch databases that cost a tenth of new ones.
func pooled(t testing.TB) diff.Scratch {
	server := pgtest.Test(t)
	return func(ctx context.Context) (*sql.DB, func(), error) {
		db, err := takePooled(ctx, server.CreateDatabase)
		if err != nil {
			return nil, nil, err
		}
		if _, err := db.ExecContext(ctx, emptied); err != nil {
			return nil, nil, err
		}
		return db, func() {
			pool.mu.Lock()
			defer pool.mu.Unlock()
			pool.free = append(pool.free, db)
		}, nil
	}
}

func takePooled(ctx context.Context, create func(context.Context) (*pgserver.Database, error)) (*sql.DB, error) {
	pool.mu.Lock()
	if last := len(pool.free) - 1; last >= 0 {
		defer pool.mu.Unlock()
		db := pool.free[last]
		pool.free = pool.free[:last]
		return db, nil
	}
	pool.mu.Unlock()
	d, err := create(ctx)
	if err != nil {
		return nil, err
	}
	return d.SQL(ctx)
}
