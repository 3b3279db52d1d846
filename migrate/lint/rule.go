package lint

// Group is a family of rules, which settings and directives can name as a whole.
type Group string

// The groups. Where Atlas has an analyzer for the same, the name is Atlas's (https://atlasgo.io/lint/analyzers).
const (
	Destructive   Group = "destructive"  // data or access to it is lost
	Blocking      Group = "blocking"     // blocks readers or writers for long
	DataDependent Group = "data_depend"  // fails, or takes long, depending on the rows
	Incompatible  Group = "incompatible" // breaks code that is running
	Transactions  Group = "nestedtx"     // does not fit the transaction that the file runs in
	Security      Group = "security"     // opens access
	Advice        Group = "advice"       // style, and what is regretted later
	Directory     Group = "directory"    // about files, not statements
)

// Rule is an entry of the table of rules.
type Rule struct {
	Code     string // "BL101"; never reused
	Name     string // "index-not-concurrent"
	Group    Group
	Severity Severity // unless settings say otherwise; Off is for a rule that only settings with its code or name switch on
	Atlas    string   // the code that the Atlas command has for the same, "" if none
	Since    int      // the first PostgreSQL major version that it concerns; 0 is every one that is supported
	Until    int      // the last one; 0 is no limit
	Summary  string   // one line
	Why      string   // what happens, and how it is known; Markdown
	Fix      string   // the safe steps in general; Markdown

	check     func(*pass)    // for each statement
	checkFile func(*pass)    // for each file, after its statements
	checkDir  func(*dirPass) // once
}
