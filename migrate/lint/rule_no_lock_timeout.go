package lint

import "slices"

// noLockTimeout is off unless settings name it: plinth up bounds the wait by itself, and the rule would be a false alarm for each file.
var noLockTimeout = &Rule{
	Code: "AD112", Name: "no-lock-timeout", Group: Advice, Severity: Off,
	Summary: "A file waits for a lock without a bound, in a directory that is applied with another tool than plinth up.",
	Why: "While a statement waits for a lock that readers or writers conflict with, whoever comes after it waits too, for as long as the oldest transaction on the table runs. " +
		"`plinth up` sets lock_timeout to 3 s for each file (`--lock-timeout`) and tries a file again that did not get its lock. So there is nothing to find where it applies the files, " +
		"and the rule is off. Switch it on by its code or name for a directory that golang-migrate, goose, the Atlas command or psql applies; the severity of its group leaves it off. " +
		"A statement_timeout or transaction_timeout of the file bounds the wait too. One that a role or a database has by ALTER ROLE or ALTER DATABASE is not seen.",
	Fix: "`SET lock_timeout = '3s'` above the statement, and the file again if it fails; `SET LOCAL` where the tool runs the file in a transaction.",
	check: func(p *pass) {
		wait := &p.file.wait
		wait.follow(p)
		if wait.told || wait.bounded() || slices.ContainsFunc(p.file.findings, func(f Finding) bool { return f.Rule == lockTimeout }) {
			return
		}
		for _, e := range p.effects {
			if e.lock.blocks() == "" {
				continue
			}
			wait.told = true
			f := p.report(e.at, e.object, e.column, "This takes "+e.lock.String()+" on "+e.object+", and nothing in the file bounds the wait for it: "+e.lock.blocks()+
				" queue behind it until the oldest transaction on the table ends.", "Above it: SET lock_timeout = '3s'; and run the file again if it fails.")
			f.Lock = e.lock.String()
			return
		}
	},
}

// timeouts are the settings that end a wait for a lock.
var timeouts = []string{"lock_timeout", "statement_timeout", "transaction_timeout"}

// wait is which of the timeouts a file has set so far.
type wait struct {
	session, now map[string]bool // now is with what SET LOCAL set, until the transaction ends
	told         bool
}

func (w *wait) bounded() bool {
	return slices.ContainsFunc(timeouts, func(name string) bool { return w.now[name] })
}

// follow takes in what a statement sets.
func (w *wait) follow(p *pass) {
	if w.now == nil {
		w.session, w.now = map[string]bool{}, map[string]bool{}
	}
	switch p.kind {
	case "TransactionStmt":
		if kind := p.tree.str("kind"); kind == "TRANS_STMT_COMMIT" || kind == "TRANS_STMT_ROLLBACK" {
			for _, name := range timeouts {
				w.now[name] = w.session[name]
			}
		}
	case "VariableSetStmt":
		names := []string{p.tree.str("name")}
		if p.tree.str("kind") == "VAR_RESET_ALL" {
			names = timeouts
		}
		args := p.tree.nodes("args", "A_Const")
		for _, name := range names {
			w.set(name, len(args) > 0 && !isZero(args[0]), p.tree.flag("is_local"), p.file.noTx)
		}
	case "SelectStmt":
		for _, target := range p.tree.nodes("targetList", "ResTarget") {
			kind, call := target.node("val")
			function, args := call.names("funcname"), call.nodes("args", "A_Const")
			if kind == "FuncCall" && len(args) == 3 && function[len(function)-1] == "set_config" {
				w.set(args[0].sub("sval").str("sval"), !isZero(args[1]), args[2].sub("boolval").flag("boolval"), p.file.noTx)
			}
		}
	}
}

// set notes a value; one of SET LOCAL, which outside of a transaction sets nothing, until the transaction ends.
func (w *wait) set(name string, bound, local, noTx bool) {
	if local && noTx {
		return
	}
	w.now[name] = bound
	if !local {
		w.session[name] = bound
	}
}
