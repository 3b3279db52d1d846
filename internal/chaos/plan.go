package chaos

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Chain is a list of faults that strike one after the other, mostly one.
type Chain []Fault

func (c Chain) String() string {
	var s string
	for i, f := range c {
		if i > 0 {
			s += ", then "
		}
		s += f.String()
	}
	return s
}

// Has reports whether a fault of the chain does the harm.
func (c Chain) Has(h Harm) bool {
	return slices.ContainsFunc(c, func(f Fault) bool { return f.Harm == h })
}

// Delays of the harm of that name.
const (
	Late  = 20 * time.Millisecond // nobody gives up so soon
	Later = 3 * time.Second       // more than half of a suite's commit timeout
)

// Plan lists a fault for every kind of message given, with every harm, before and after, each once and always in the same order.
// An ErrorResponse carries 08P01 as ERROR, like PgBouncer's, and 57P01 as FATAL, like that of a server that shuts down.
func Plan(kinds []Kind) []Chain {
	kinds = slices.Clone(kinds)
	slices.SortFunc(kinds, compareKinds)
	var plan []Chain
	add := func(f Fault) { plan = append(plan, Chain{f}) }
	for _, k := range kinds {
		for _, when := range []When{Before, After} {
			for _, h := range []Harm{FIN, RST, Swallow} {
				add(Fault{At: k, When: when, Harm: h})
			}
			if k.Name == "Terminate" { // nobody is there to hear an answer
				continue
			}
			add(Fault{At: k, When: when, Harm: Delay, Delay: Late})
			if k.Name == "SSLRequest" || k.Name == "SSLAnswer" { // the answer is one byte
				continue
			}
			add(Fault{At: k, When: when, Harm: Error, State: "08P01"})
			add(Fault{At: k, When: when, Harm: Fatal, State: fatalState(k)})
		}
		if k.Name != "SSLAnswer" {
			add(Fault{At: k, When: Before, Harm: Half})
		}
		if refusable(k) {
			add(Fault{At: k, When: Before, Harm: Refuse, State: "40001"})
		}
	}
	return plan
}

// fatalState is admin_shutdown, or during start-up cannot_connect_now.
func fatalState(k Kind) string {
	if k.StartUp() {
		return "57P03"
	}
	return "57P01"
}

// refusable are messages with which a request outside a transaction can begin.
func refusable(k Kind) bool {
	return k.From == Client && (k.Name == "Parse" || k.Name == "Bind") && (k.Verb == Begin || k.Verb == Write) ||
		k.From == Client && k.Name == "Query" && k.Verb == Begin
}

// SettlePlan lists chains in which a COMMIT's answer is lost, by each harm that loses it, and then whatever the client does to
// find out what became of it is hurt as well: its first connection, or its question.
func SettlePlan() []Chain {
	commit := Kind{Client, "Query", Commit}
	firsts := []Fault{
		{At: commit, When: Before, Harm: FIN},
		{At: commit, When: After, Harm: FIN},
		{At: commit, When: After, Harm: RST},
		{At: commit, When: After, Harm: Error, State: "08P01"},
	}
	seconds := []Kind{
		{Client, "Startup", None},
		{Server, "AuthenticationOk", None},
		{Server, "ReadyForQuery", None},
		{Client, "Query", Settle},
		{Server, "DataRow", Settle},
		{Server, "ReadyForQuery", Settle},
	}
	var plan []Chain
	for _, first := range firsts {
		for _, k := range seconds {
			for _, f := range []Fault{
				{At: k, When: Before, Harm: FIN},
				{At: k, When: Before, Harm: RST},
				{At: k, When: After, Harm: FIN},
				{At: k, When: Before, Harm: Fatal, State: fatalState(k)},
			} {
				plan = append(plan, Chain{first, f})
			}
		}
	}
	return plan
}

// StallPlan lists delays of a COMMIT and of its answer beyond what anybody waits: the client settles the outcome while the
// message is still under way.
func StallPlan() []Chain {
	var plan []Chain
	for _, k := range []Kind{{Client, "Query", Commit}, {Server, "CommandComplete", Commit}, {Server, "ReadyForQuery", Commit}} {
		plan = append(plan, Chain{{At: k, When: Before, Harm: Delay, Delay: Later}})
	}
	return plan
}

// RandomPlan lists n faults at random messages of a connection's first so many, as the seed says.
func RandomPlan(seed uint64, n, within int) []Chain {
	r := rand.New(rand.NewPCG(seed, seed))
	harms := []Fault{
		{Harm: FIN},
		{Harm: RST},
		{Harm: Delay, Delay: Late},
		{Harm: Error, State: "08P01"},
		{Harm: Fatal, State: "57P01"},
		{Harm: Half, When: Before},
	}
	plan := make([]Chain, n)
	for i := range plan {
		f := harms[r.IntN(len(harms))]
		f.At.From = []Side{Client, Server}[r.IntN(2)]
		f.Nth = 1 + r.IntN(within)
		if f.When == "" {
			f.When = []When{Before, After}[r.IntN(2)]
		}
		plan[i] = Chain{f}
	}
	return plan
}

// Without returns the plan less the chains for which drop is true.
func Without(plan []Chain, drop func(Chain) bool) []Chain {
	return slices.DeleteFunc(slices.Clone(plan), drop)
}

// Usual are the kinds of messages that have passed at least so often, which a fault can count on to come again.
func Usual(seen map[Kind]int, least int) []Kind {
	var kinds []Kind
	for k, n := range seen {
		if n >= least {
			kinds = append(kinds, k)
		}
	}
	slices.SortFunc(kinds, compareKinds)
	return kinds
}

// Lacking returns an error that names the messages that a plan is to hit and that have not been seen. A client may send them
// with any verb, so the verb None matches every one.
func Lacking(seen []Kind, must ...Kind) error {
	var missing []Kind
	for _, m := range must {
		if !slices.ContainsFunc(seen, func(k Kind) bool { return k.From == m.From && k.Name == m.Name && (m.Verb == None || m.Verb == k.Verb) }) {
			missing = append(missing, m)
		}
	}
	if missing != nil {
		return fmt.Errorf("chaos: the workload never brings about %v, so no fault can be placed there", missing)
	}
	return nil
}
