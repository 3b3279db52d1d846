package lint

import (
	"encoding/json"
	"slices"
	"strings"
)

var dynamicSQL = &Rule{
	Code: "SE108", Name: "dynamic-sql", Group: Security, Severity: Warning, Atlas: "SA101",
	Summary: "A function runs SQL that it puts together with || from a text that it was given.",
	Why: "Whoever calls it with a quote in the text runs SQL of his own, with the owner's privileges if it is SECURITY DEFINER (manual, PL/pgSQL, Executing Dynamic Commands). " +
		"Found are EXECUTE, FOR ... IN EXECUTE, RETURN QUERY EXECUTE and OPEN ... FOR EXECUTE in PL/pgSQL with an argument of a type of text beside ||. What a variable holds is not followed. quote_ident, quote_literal, format with %I and %L, and USING are no finding, and neither are numbers, regclass and DO blocks, which nobody calls.",
	Fix: "`EXECUTE format('... %I ... WHERE x = $1', table_name) USING value`",
	check: func(p *pass) {
		if p.kind != "CreateFunctionStmt" || !strings.Contains(p.Text, "||") || !hasLanguage(p.tree, "plpgsql") {
			return
		}
		text, err := parseBlockJSON(p.Text)
		var functions []any
		if err != nil || json.Unmarshal([]byte(text), &functions) != nil {
			return
		}
		for _, f := range functions {
			_, function := open(f)
			texts := textArguments(function)
			walk(function["action"], func(kind string, t tree) {
				for _, field := range executes[kind] {
					if name := splicedText(queryIn(t, field), texts); name != "" {
						object := qualified(p.tree.names("funcname")...)
						p.report(p.place(name), object, "", object+" runs SQL that holds the text of "+quoteIdent(name)+" as it comes: a quote in it ends the literal, and the rest runs.", "Write EXECUTE format(...) with %I for names, and USING for values.")
						return
					}
				}
			})
		}
	},
}

// executes are the statements of PL/pgSQL that run a text, and the fields that hold it.
var executes = map[string][]string{
	"PLpgSQL_stmt_dynexecute": {"query"}, "PLpgSQL_stmt_dynfors": {"query"}, "PLpgSQL_stmt_return_query": {"dynquery"}, "PLpgSQL_stmt_open": {"dynquery"},
}

func hasLanguage(function tree, name string) bool {
	return slices.ContainsFunc(function.nodes("options", "DefElem"), func(o tree) bool {
		_, value := o.node("arg")
		return o.str("defname") == "language" && strings.EqualFold(value.str("sval"), name)
	})
}

// textArguments are the arguments of a function whose type is one of text. Variables have a line.
func textArguments(function tree) map[string]bool {
	texts := map[string]bool{}
	for _, v := range function.nodes("datums", "PLpgSQL_var") {
		typ, _, _ := strings.Cut(strings.TrimPrefix(v.sub("datatype").sub("PLpgSQL_type").str("typname"), "pg_catalog."), "(")
		if v["lineno"] == nil && slices.Contains([]string{"text", "varchar", "bpchar", "citext", "json", "jsonb"}, strings.Trim(typ, `" `)) {
			texts[v.str("refname")] = true
		}
	}
	return texts
}

// splicedText is one of the texts that stands beside || in the expression as it is, "" for none.
func splicedText(expression string, texts map[string]bool) (name string) {
	if !strings.Contains(expression, "||") {
		return ""
	}
	_, t, err := parseTree("SELECT " + expression)
	if err != nil {
		return ""
	}
	walk(map[string]any(t), func(kind string, op tree) {
		if kind != "A_Expr" || !slices.Equal(op.names("name"), []string{"||"}) {
			return
		}
		for _, side := range []string{"lexpr", "rexpr"} {
			if column, ok := columnRef(op[side]); ok && texts[column] && name == "" {
				name = column
			}
		}
	})
	return name
}
