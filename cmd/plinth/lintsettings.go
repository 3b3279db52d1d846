package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/plinth-db/plinth/migrate/lint"
)

// lintRules is the table of rules, as far as settings name them.
type lintRules struct {
	find  func(name string) []*lint.Rule // by Code, Name, Group or Atlas's code
	names []string                       // what there is, for who has misspelt one
}

// lintSettings reads the lint blocks of atlas.hcl: the one of the file, and over it the one of the env block that is used. Without the file,
// which may be missing unless it was asked for, nothing is set.
//
// The keys are Atlas's (https://atlasgo.io/lint/analyzers and /atlas-schema/projects, 2026-11), with `rule "NAME" { severity = ... }` and
// pg_version beside them. What Atlas has and Plinth does not do is passed over and remembered in Ignored; any other key is an error, since
// a misspelt one would switch off nothing and nobody would know.
func (a *app) lintSettings(required bool, rules lintRules) (lint.Settings, error) {
	env, ctx, err := a.envBlock(required)
	if err != nil {
		return lint.Settings{}, err
	}
	src, err := os.ReadFile(a.config)
	if errors.Is(err, fs.ErrNotExist) && !required {
		return lint.Settings{}, nil
	}
	if err != nil {
		return lint.Settings{}, err
	}
	file, diags := hclparse.NewParser().ParseHCL(src, a.config)
	if diags.HasErrors() {
		return lint.Settings{}, diags
	}
	if env == nil { // variables and functions are there all the same
		top, _, diags := file.Body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
			{Type: "variable", LabelNames: []string{"name"}}, {Type: "locals"},
		}})
		if diags.HasErrors() {
			return lint.Settings{}, diags
		}
		if ctx, err = evalContext(top, ""); err != nil {
			return lint.Settings{}, err
		}
	}
	r := lintReader{rules: rules, ctx: ctx}
	settings, err := r.blockOf(file.Body)
	if err != nil || env == nil {
		return settings, err
	}
	more, err := r.blockOf(env.Body)
	return settings.Override(more), err
}

// lintReader reads one lint block at a time.
type lintReader struct {
	rules lintRules
	ctx   *hcl.EvalContext
	lint.Settings
	wide, narrow map[string]lint.Severity // what rule blocks say: of groups, and of single rules, which holds over it
	checks       map[string]bool          // what check blocks say of failing, which holds over what analyzers say
}

// blockOf returns what the lint block in the body sets; the zero value if there is none.
func (r lintReader) blockOf(body hcl.Body) (lint.Settings, error) {
	parent, ok := body.(*hclsyntax.Body)
	if !ok {
		return lint.Settings{}, nil
	}
	var found *hclsyntax.Block
	for _, block := range parent.Blocks {
		if block.Type != "lint" {
			continue
		}
		if found != nil {
			return lint.Settings{}, fmt.Errorf("%s: a second lint block; the first is in line %d", blockAt(block), found.TypeRange.Start.Line)
		}
		found = block
	}
	if found == nil {
		return lint.Settings{}, nil
	}
	r.Settings = lint.Settings{Severity: map[string]lint.Severity{}, Fail: map[string]bool{}}
	r.wide, r.narrow, r.checks = map[string]lint.Severity{}, map[string]lint.Severity{}, map[string]bool{}
	if err := r.lint(found); err != nil {
		return lint.Settings{}, err
	}
	maps.Copy(r.Fail, r.checks)
	maps.Copy(r.Severity, r.wide)
	maps.Copy(r.Severity, r.narrow)
	return r.Settings, nil
}

func (r *lintReader) lint(block *hclsyntax.Block) error {
	k := known{
		attributes: map[string]func(*hclsyntax.Attribute) error{
			"latest":     r.number(&r.Latest, 1, 1<<30, "how many of the newest files to look at"),
			"pg_version": r.number(&r.PGVersion, 10, 99, "the server's major version, such as 17"),
			"review":     nil, "log": nil, "format": nil,
		},
		blocks: map[string]func(*hclsyntax.Block) error{
			"git": r.git, "naming": r.naming, "concurrent_index": r.concurrentIndex, "rule": r.rule, "check": r.check,
			"statement": nil, "ownership": nil,
		},
	}
	for name, names := range map[string][]string{
		"destructive": {string(lint.Destructive)}, "data_depend": {string(lint.DataDependent)}, "incompatible": {string(lint.Incompatible)},
		"nestedtx": {string(lint.Transactions)}, "condrop": {"CD101"}, "non_linear": {"non_linear"},
	} {
		k.blocks[name] = func(b *hclsyntax.Block) error { return r.analyzer(b, names) }
	}
	if err := r.read("lint", block, k); err != nil {
		return err
	}
	if r.Latest != 0 && r.GitBase != "" {
		return fmt.Errorf("%s: lint: latest and git { base } are two ways to choose the files; keep one", blockAt(block))
	}
	return nil
}

// analyzer reads the block of one of Atlas's analyzers, which is about the rules that the names mean.
func (r *lintReader) analyzer(block *hclsyntax.Block, names []string) error {
	k := known{attributes: map[string]func(*hclsyntax.Attribute) error{"error": r.fail(r.Fail, names...), "force": nil}}
	if block.Type == "destructive" {
		k.blocks = map[string]func(*hclsyntax.Block) error{"allow_table": nil, "allow_column": nil}
	}
	return r.read("lint: "+block.Type, block, k)
}

func (r *lintReader) concurrentIndex(block *hclsyntax.Block) error {
	return r.read("lint: concurrent_index", block, known{attributes: map[string]func(*hclsyntax.Attribute) error{
		"error":        r.fail(r.Fail, "PG101", "PG102", "PG103", "PG104", "PG105"),
		"check_create": r.checked("PG101"), "check_drop": r.checked("PG102"), "check_txmode": r.checked("PG103"),
		"force": nil,
	}})
}

// fail reads the key error into a map, for the rules that any of the names means.
func (r *lintReader) fail(into map[string]bool, names ...string) func(*hclsyntax.Attribute) error {
	return func(attribute *hclsyntax.Attribute) error {
		fail, err := r.boolean(attribute)
		for _, name := range names {
			for _, rule := range r.rules.find(name) {
				into[rule.Code] = fail
			}
		}
		return err
	}
}

// checked reads a key that is false for rules that are off.
func (r *lintReader) checked(name string) func(*hclsyntax.Attribute) error {
	return func(attribute *hclsyntax.Attribute) error {
		on, err := r.boolean(attribute)
		for _, rule := range r.rules.find(name) {
			if !on && err == nil {
				r.Severity[rule.Code] = lint.Off
			}
		}
		return err
	}
}

func (r *lintReader) git(block *hclsyntax.Block) error {
	return r.read("lint: git", block, known{attributes: map[string]func(*hclsyntax.Attribute) error{
		"base": r.string(&r.GitBase), "dir": r.string(&r.GitDir),
	}})
}

// namingKinds are Atlas's, each with the code of its check.
var namingKinds = map[string]string{
	"schema": "NM101", "table": "NM102", "column": "NM103", "index": "NM104", "foreign_key": "NM105", "check": "NM106",
}

func (r *lintReader) naming(block *hclsyntax.Block) error {
	k := known{
		attributes: map[string]func(*hclsyntax.Attribute) error{"error": r.fail(r.Fail, slices.Sorted(maps.Values(namingKinds))...), "force": nil},
		blocks:     map[string]func(*hclsyntax.Block) error{},
	}
	for kind := range namingKinds {
		k.blocks[kind] = func(b *hclsyntax.Block) error {
			return r.pattern(kind, b, known{attributes: map[string]func(*hclsyntax.Attribute) error{}})
		}
	}
	return r.pattern("", block, k)
}

// pattern reads match and message of a kind, and what else k has.
func (r *lintReader) pattern(kind string, block *hclsyntax.Block, k known) error {
	var match, message string
	k.attributes["match"], k.attributes["message"] = r.string(&match), r.string(&message)
	name := "lint: naming"
	if kind != "" {
		name += ": " + kind
	}
	if err := r.read(name, block, k); err != nil {
		return err
	}
	attribute := block.Body.Attributes["match"]
	if attribute == nil {
		if kind != "" || message != "" {
			return fmt.Errorf("%s: %s has no match, the pattern that names must match", blockAt(block), name)
		}
		return nil
	}
	pattern, err := regexp.Compile(match)
	if err != nil {
		return fmt.Errorf("%s: %s: match: %w", attributeAt(attribute), name, err)
	}
	if r.Naming == nil {
		r.Naming = lint.Naming{}
	}
	r.Naming[kind] = lint.NamePattern{Match: pattern, Message: message}
	return nil
}

// rule reads `rule "NAME" { severity = "..." }`. Atlas has a block of that name with two labels, for rules in files of its own.
func (r *lintReader) rule(block *hclsyntax.Block) error {
	if len(block.Labels) == 2 {
		r.ignore(blockAt(block), "rule "+strings.Join(block.Labels, " "))
		return nil
	}
	if len(block.Labels) != 1 {
		return fmt.Errorf(`%s: lint: want rule "NAME" { severity = "off" }`, blockAt(block))
	}
	label := block.Labels[0]
	rules := r.rules.find(label)
	if len(rules) == 0 {
		return fmt.Errorf("%s: lint: there is no rule %q; known are %s", blockAt(block), label, strings.Join(r.rules.names, ", "))
	}
	var severity lint.Severity
	name := fmt.Sprintf("lint: rule %q", label)
	err := r.read(name, block, known{attributes: map[string]func(*hclsyntax.Attribute) error{
		"severity": func(attribute *hclsyntax.Attribute) error {
			text, err := text(attribute.AsHCLAttribute(), r.ctx)
			if err != nil {
				return err
			}
			if severity, err = lint.ParseSeverity(text); err != nil {
				return fmt.Errorf("%s: %s: severity %q: want off, notice, warning or error", attributeAt(attribute), name, text)
			}
			return nil
		},
	}})
	if err != nil {
		return err
	}
	if block.Body.Attributes["severity"] == nil {
		return fmt.Errorf("%s: %s has no severity: write off, notice, warning or error", blockAt(block), name)
	}
	for _, rule := range rules {
		switch {
		case label == rule.Code || label == rule.Name:
			r.narrow[rule.Code] = severity
		case rule.Severity != lint.Off: // those that are off have to be named
			r.wide[rule.Code] = severity
		}
	}
	return nil
}

// check reads Atlas's `check "CODE" { skip = true }`. Atlas has checks that are none of Plinth's.
func (r *lintReader) check(block *hclsyntax.Block) error {
	if len(block.Labels) != 1 {
		return fmt.Errorf(`%s: lint: want check "CODE" { skip = true }`, blockAt(block))
	}
	code := block.Labels[0]
	if len(r.rules.find(code)) == 0 {
		r.ignore(blockAt(block), "check "+code)
		return nil
	}
	return r.read("lint: check "+code, block, known{attributes: map[string]func(*hclsyntax.Attribute) error{
		"error": r.fail(r.checks, code),
		"skip": func(attribute *hclsyntax.Attribute) error {
			skip, err := r.boolean(attribute)
			for _, rule := range r.rules.find(code) {
				if skip {
					r.Severity[rule.Code] = lint.Off
				}
			}
			return err
		},
		"force": nil,
	}})
}
