package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/spf13/pflag"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/plinth-db/plinth/migrate/remote"
)

// loadProject fills what no flag gave: from the environment, and from the env block of atlas.hcl, which the Atlas
// command reads too. Only the attributes that Plinth uses are evaluated, so that the file may use whatever else Atlas
// knows.
func (a *app) loadProject(flags *pflag.FlagSet) error {
	block, ctx, err := a.envBlock(flags.Changed("config"))
	if err != nil || block == nil {
		return err
	}
	env, err := content(block.Body, []string{"url", "dev", "src"}, "migration")
	if err != nil {
		return err
	}
	for _, v := range []struct {
		flag, attribute string
		target          *string
		environment     string
	}{
		{"dev-url", "dev", &a.devURL, "PLINTH_DEV_URL"},
		{"schema", "src", &a.schema, ""},
	} {
		attribute := env.Attributes[v.attribute]
		if attribute == nil || flags.Changed(v.flag) || v.environment != "" && os.Getenv(v.environment) != "" {
			continue
		}
		if *v.target, err = text(attribute, ctx); err != nil {
			return err
		}
	}
	if attribute := env.Attributes["url"]; attribute != nil { // only commands that connect need it
		a.projectURL = func() (string, error) { return text(attribute, ctx) }
	}
	a.schema = strings.TrimPrefix(strings.TrimPrefix(a.schema, "ent://"), "file://")
	for _, migration := range env.Blocks {
		if err := a.loadMigration(flags, migration, ctx); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) loadMigration(flags *pflag.FlagSet, block *hcl.Block, ctx *hcl.EvalContext) error {
	migration, err := content(block.Body, []string{"dir", "format", "revisions_schema"})
	if err != nil {
		return err
	}
	if attribute := migration.Attributes["format"]; attribute != nil {
		format, err := text(attribute, ctx)
		if err != nil {
			return err
		}
		if format != "golang-migrate" {
			return fmt.Errorf("%s: migration format %q: Plinth's directories are golang-migrate", at(attribute), format)
		}
	}
	if attribute := migration.Attributes["dir"]; attribute != nil && !flags.Changed("dir") {
		if a.dir, err = text(attribute, ctx); err != nil {
			return err
		}
		if !remote.Is(a.dir) || strings.HasPrefix(a.dir, "file://") {
			a.dir, _, _ = strings.Cut(strings.TrimPrefix(a.dir, "file://"), "?")
		}
	}
	if attribute := migration.Attributes["revisions_schema"]; attribute != nil {
		a.revisionSchema, err = text(attribute, ctx)
	}
	return err
}

// envBlock finds the env block to use: the one named by --env, or the only one. Without the file, and without --env,
// there is none, which is no fault unless the file was asked for.
func (a *app) envBlock(required bool) (*hcl.Block, *hcl.EvalContext, error) {
	src, err := os.ReadFile(a.config)
	if errors.Is(err, fs.ErrNotExist) && !required {
		if a.env != "" {
			return nil, nil, fmt.Errorf("--env %s: there is no %s", a.env, a.config)
		}
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	file, diags := hclparse.NewParser().ParseHCL(src, a.config)
	if diags.HasErrors() {
		return nil, nil, diags
	}
	top, _, diags := file.Body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
		{Type: "env", LabelNames: []string{"name"}}, {Type: "variable", LabelNames: []string{"name"}}, {Type: "locals"},
	}})
	if diags.HasErrors() {
		return nil, nil, diags
	}
	var found *hcl.Block
	var names []string
	for _, block := range top.Blocks.OfType("env") {
		names = append(names, block.Labels[0])
		if a.env == block.Labels[0] || a.env == "" {
			found = block
		}
	}
	switch {
	case a.env != "" && found == nil:
		return nil, nil, fmt.Errorf("--env %s: %s has no such block, only %s", a.env, a.config, strings.Join(names, ", "))
	case a.env == "" && len(names) != 1:
		return nil, nil, nil
	}
	ctx, err := evalContext(top, found.Labels[0])
	return found, ctx, err
}

// evalContext holds what expressions may refer to: var, local, atlas.env, getenv, and the names of formats, which
// Atlas writes without quotes.
func evalContext(top *hcl.BodyContent, env string) (*hcl.EvalContext, error) {
	ctx := &hcl.EvalContext{
		Functions: map[string]function.Function{"getenv": getenv},
		Variables: map[string]cty.Value{
			"atlas":          cty.ObjectVal(map[string]cty.Value{"env": cty.StringVal(env)}),
			"golang-migrate": cty.StringVal("golang-migrate"),
		},
	}
	for _, format := range []string{"atlas", "goose", "flyway", "liquibase", "dbmate"} {
		if _, taken := ctx.Variables[format]; !taken {
			ctx.Variables[format] = cty.StringVal(format)
		}
	}
	variables, locals := map[string]cty.Value{}, map[string]cty.Value{}
	for _, block := range top.Blocks.OfType("variable") {
		body, err := content(block.Body, []string{"default"})
		if err != nil {
			return nil, err
		}
		if d := body.Attributes["default"]; d != nil {
			value, diags := d.Expr.Value(ctx)
			if diags.HasErrors() {
				return nil, diags
			}
			variables[block.Labels[0]] = value
		}
	}
	ctx.Variables["var"] = cty.ObjectVal(variables)
	for _, block := range top.Blocks.OfType("locals") {
		attributes, diags := block.Body.JustAttributes()
		if diags.HasErrors() {
			return nil, diags
		}
		for name, attribute := range attributes {
			// A local that needs what we do not know (a data source) fails only where it is used.
			if value, diags := attribute.Expr.Value(ctx); !diags.HasErrors() {
				locals[name] = value
			}
		}
	}
	ctx.Variables["local"] = cty.ObjectVal(locals)
	return ctx, nil
}

var getenv = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "name", Type: cty.String}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		return cty.StringVal(os.Getenv(args[0].AsString())), nil
	},
})

func content(body hcl.Body, attributes []string, blocks ...string) (*hcl.BodyContent, error) {
	schema := &hcl.BodySchema{}
	for _, name := range attributes {
		schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: name})
	}
	for _, name := range blocks {
		schema.Blocks = append(schema.Blocks, hcl.BlockHeaderSchema{Type: name})
	}
	c, _, diags := body.PartialContent(schema)
	if diags.HasErrors() {
		return nil, diags
	}
	return c, nil
}

func text(attribute *hcl.Attribute, ctx *hcl.EvalContext) (string, error) {
	value, diags := attribute.Expr.Value(ctx)
	if diags.HasErrors() {
		// The diagnostics quote source lines, which may hold a password; their summary does not.
		return "", fmt.Errorf("%s: %s: %s", at(attribute), attribute.Name, diags[0].Summary)
	}
	if value.IsNull() || value.Type() != cty.String {
		return "", fmt.Errorf("%s: %s is not a string", at(attribute), attribute.Name)
	}
	return value.AsString(), nil
}

func at(attribute *hcl.Attribute) string {
	return fmt.Sprintf("%s:%d", attribute.Range.Filename, attribute.Range.Start.Line)
}
