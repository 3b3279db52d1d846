package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// known is what a block may hold: for each key what reads it. An entry that is nil is of Atlas alone, and remembered as ignored.
type known struct {
	attributes map[string]func(*hclsyntax.Attribute) error
	blocks     map[string]func(*hclsyntax.Block) error
}

// read goes through a block in the order of its lines. name is how the block is called in errors.
func (r *lintReader) read(name string, block *hclsyntax.Block, k known) error {
	attributes := slices.SortedFunc(maps.Values(block.Body.Attributes), func(a, b *hclsyntax.Attribute) int {
		return a.NameRange.Start.Byte - b.NameRange.Start.Byte
	})
	for _, attribute := range attributes {
		read, ok := k.attributes[attribute.Name]
		switch {
		case !ok:
			return fmt.Errorf("%s: %s: unknown key %s; known are %s", attributeAt(attribute), name, attribute.Name, k.list())
		case read == nil:
			r.ignore(attributeAt(attribute), attribute.Name)
		default:
			if err := read(attribute); err != nil {
				return err
			}
		}
	}
	seen := map[string]int{}
	for _, inner := range block.Body.Blocks {
		read, ok := k.blocks[inner.Type]
		header := strings.Join(append([]string{inner.Type}, inner.Labels...), " ")
		line, again := seen[header]
		seen[header] = inner.TypeRange.Start.Line
		switch {
		case !ok:
			return fmt.Errorf("%s: %s: unknown block %s; known are %s", blockAt(inner), name, inner.Type, k.list())
		case again:
			return fmt.Errorf("%s: %s: a second block %s; the first is in line %d", blockAt(inner), name, header, line)
		case read == nil:
			r.ignore(blockAt(inner), header)
		default:
			if err := read(inner); err != nil {
				return err
			}
		}
	}
	return nil
}

func (k known) list() string {
	attributes, blocks := slices.Sorted(maps.Keys(k.attributes)), slices.Sorted(maps.Keys(k.blocks))
	if len(blocks) == 0 {
		return strings.Join(attributes, ", ")
	}
	return strings.Join(attributes, ", ") + ", and the blocks " + strings.Join(blocks, ", ")
}

func (r *lintReader) ignore(place, what string) {
	r.Ignored = append(r.Ignored, fmt.Sprintf("%s: %s is for the Atlas command alone", place, what))
}

func (r *lintReader) string(target *string) func(*hclsyntax.Attribute) error {
	return func(attribute *hclsyntax.Attribute) (err error) {
		*target, err = text(attribute.AsHCLAttribute(), r.ctx)
		return err
	}
}

func (r *lintReader) boolean(attribute *hclsyntax.Attribute) (bool, error) {
	value, err := r.value(attribute, cty.Bool, "write true or false")
	return err == nil && value.True(), err
}

// number reads a whole number from low to high; meaning tells who gets it wrong what it is.
func (r *lintReader) number(target *int, low, high int64, meaning string) func(*hclsyntax.Attribute) error {
	return func(attribute *hclsyntax.Attribute) error {
		value, err := r.value(attribute, cty.Number, "write "+meaning)
		if err != nil {
			return err
		}
		n, accuracy := value.AsBigFloat().Int64()
		if accuracy != 0 || n < low || n > high {
			return fmt.Errorf("%s: %s = %s: write %s", attributeAt(attribute), attribute.Name, value.AsBigFloat().Text('g', 10), meaning)
		}
		*target = int(n)
		return nil
	}
}

func (r *lintReader) value(attribute *hclsyntax.Attribute, want cty.Type, advice string) (cty.Value, error) {
	value, diags := attribute.Expr.Value(r.ctx)
	if diags.HasErrors() {
		return cty.NilVal, fmt.Errorf("%s: %s: %s", attributeAt(attribute), attribute.Name, diags[0].Summary)
	}
	if value.IsNull() || !value.IsKnown() || value.Type() != want {
		return cty.NilVal, fmt.Errorf("%s: %s is not a %s; %s", attributeAt(attribute), attribute.Name, want.FriendlyName(), advice)
	}
	return value, nil
}

func attributeAt(attribute *hclsyntax.Attribute) string { return at(attribute.AsHCLAttribute()) }

func blockAt(block *hclsyntax.Block) string {
	return fmt.Sprintf("%s:%d", block.TypeRange.Filename, block.TypeRange.Start.Line)
}
