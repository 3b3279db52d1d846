package migrate

import (
	"slices"
	"testing"

	atlas "ariga.io/atlas/sql/migrate"
)

// FuzzRunningSum holds our sums against Atlas's.
func FuzzRunningSum(f *testing.F) {
	f.Add("1_a.up.sql", "CREATE TABLE a ();", "2_b.up.sql", "")
	f.Add("", "\x00\xff", "2_b.up.sql", "-- atlas:sum ignore\n\nSELECT 1;")
	f.Add("a", "atlas:sum", "b", "-- atlas:txmode none\n-- atlas:sum ignore")
	f.Fuzz(func(t *testing.T, name1, content1, name2, content2 string) {
		entries := []sumEntry{{name1, content1}, {name2, content2}}
		want, err := atlas.NewHashFile([]atlas.File{atlas.NewLocalFile(name1, []byte(content1)), atlas.NewLocalFile(name2, []byte(content2))})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := sumOf(entries); err != nil || !slices.Equal(got, want) {
			t.Fatalf("%v, %v, want %v", got, err, want)
		}
	})
}
