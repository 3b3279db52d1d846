package database

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

// Ent's sql.WithVar puts session variables into a context, and Ent sets them before each statement with SET, unescaped. In a
// transaction it never resets them, so that the connection's next user has them, too (ent#4468). Here they are set with
// set_config, local to the transaction, and what Ent would do is kept from it.

// variable is one of Ent's session variables.
type variable struct{ name, value string }

// variablesKey is the key under which Ent keeps the variables, which it does not export: it is what Ent asks a context for.
var variablesKey = func() any {
	spy := &keySpy{Context: context.Background()}
	entsql.VarFromContext(spy, "")
	return spy.key
}()

type keySpy struct {
	context.Context
	key any
}

func (s *keySpy) Value(key any) any {
	s.key = key
	return nil
}

// variablesIn returns the variables of a context, in their order. Their fields are not exported either.
func variablesIn(ctx context.Context) []variable {
	held := ctx.Value(variablesKey)
	if held == nil {
		return nil
	}
	list := reflect.ValueOf(held).FieldByName("vars")
	vars := make([]variable, list.Len())
	for i := range vars {
		vars[i] = variable{list.Index(i).FieldByName("k").String(), list.Index(i).FieldByName("v").String()}
	}
	return vars
}

// withoutVariables hides them from Ent.
type withoutVariables struct{ context.Context }

func (c withoutVariables) Value(key any) any {
	if key == variablesKey {
		return nil
	}
	return c.Context.Value(key)
}

// setVariables sets the context's variables for the rest of the transaction and returns a context without them.
func setVariables(ctx context.Context, tx *entsql.Tx) (context.Context, error) {
	vars := variablesIn(ctx)
	if vars == nil {
		return ctx, nil
	}
	bare := withoutVariables{ctx}
	for _, v := range vars {
		rows := &entsql.Rows{}
		if err := tx.Conn.Query(bare, "SELECT pg_catalog.set_config($1, $2, true)", []any{v.name, v.value}, rows); err != nil {
			return nil, err
		}
		if err := rows.Close(); err != nil {
			return nil, err
		}
	}
	return bare, nil
}

var variableForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)*$`)

// checkVariables refuses, outside a transaction, what Ent's unescaped SET would turn into something else. What it sets there
// is reset when the connection comes back.
func (p *Pool) checkVariables(ctx context.Context) error {
	for _, v := range variablesIn(ctx) {
		switch {
		case !variableForm.MatchString(v.name), strings.ContainsAny(v.value, `'\`):
			return &TxError{Op: "variables", Err: fmt.Errorf("the variable %q would reach the server unescaped; use WithTx, or its option SetLocal", v.name)}
		case p.pooled.Load():
			return &TxError{Op: "variables", Err: errors.New("behind a connection pooler a variable holds in a transaction only; use WithTx, or its option SetLocal")}
		}
	}
	return nil
}

// freeTx is a transaction that Ent's own Client.Tx or BeginTx began.
type freeTx struct{ *entsql.Tx }

var (
	_ dialect.Tx = (*freeTx)(nil)
	_ dialect.Tx = (*ownedTx)(nil)
)

// Exec implements [dialect.Tx].
func (t *freeTx) Exec(ctx context.Context, query string, args, v any) error {
	ctx, err := setVariables(ctx, t.Tx)
	if err != nil {
		return err
	}
	return t.Tx.Exec(ctx, query, args, v)
}

// Query implements [dialect.Tx].
func (t *freeTx) Query(ctx context.Context, query string, args, v any) error {
	ctx, err := setVariables(ctx, t.Tx)
	if err != nil {
		return err
	}
	return t.Tx.Query(ctx, query, args, v)
}
