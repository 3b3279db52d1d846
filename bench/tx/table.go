package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// tables are Markdown, one for each transport and number of workers, the fastest peer first.
func tables(turns []*turn) string {
	var b strings.Builder
	for len(turns) > 0 {
		first := turns[0]
		var same, rest []*turn
		for _, t := range turns {
			if t.transport == first.transport && t.workers == first.workers {
				same = append(same, t)
			} else {
				rest = append(rest, t)
			}
		}
		fmt.Fprintf(&b, "\n### %s, %d %s, %d %s\n\n", first.transport, first.workers, plural("worker", first.workers),
			first.connections, plural("connection", first.connections))
		b.WriteString(rows(same))
		turns = rest
	}
	return b.String()
}

func plural(word string, n int) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

const head = `| | transactions/s | p50 | p99 | allocations | bytes | time against Ent on lib/pq | against pgx Batch.BeginTx | against pgbench |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
`

// rows compares times: of two peers, the one with 0.5 takes half as long for a transaction. That is the median over the rounds of
// the ratio within a round, so that what disturbs a whole round disturbs both.
func rows(turns []*turn) string {
	slices.SortFunc(turns, func(a, b *turn) int { return int(b.perSecond() - a.perSecond()) })
	var b strings.Builder
	b.WriteString(head)
	for _, t := range turns {
		fmt.Fprintf(&b, "| %s | %.0f | %s | %s | %s | %s | %s | %s | %s |\n", t.peer.name, t.perSecond(),
			shownTime(t.median(func(s sample) float64 { return float64(s.p50) })), shownTime(t.median(func(s sample) float64 { return float64(s.p99) })),
			whole(t.median(func(s sample) float64 { return s.allocs })), whole(t.median(func(s sample) float64 { return s.bytes })),
			t.against(turns, entAlone), t.against(turns, batchBegin), t.against(turns, pgbench))
	}
	return b.String()
}

func (t *turn) perSecond() float64 { return t.median(func(s sample) float64 { return s.perSecond }) }

func (t *turn) median(of func(sample) float64) float64 {
	values := make([]float64, len(t.samples))
	for i, s := range t.samples {
		values[i] = of(s)
	}
	return median(values)
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	middle := len(values) / 2
	if len(values)%2 == 0 {
		return (values[middle-1] + values[middle]) / 2
	}
	return values[middle]
}

// against is the time that t takes for a transaction, by throughput, as a multiple of the named peer's.
func (t *turn) against(turns []*turn, name string) string {
	i := slices.IndexFunc(turns, func(o *turn) bool { return o.peer.name == name })
	if i < 0 {
		return ""
	}
	var ratios []float64
	for n, s := range turns[i].samples {
		if n < len(t.samples) && t.samples[n].perSecond > 0 {
			ratios = append(ratios, s.perSecond/t.samples[n].perSecond)
		}
	}
	return fmt.Sprintf("%.2f", median(ratios))
}

func shownTime(nanoseconds float64) string {
	d := time.Duration(nanoseconds)
	if d >= 10*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.0f µs", float64(d)/1e3)
}

func whole(f float64) string {
	if f == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f", f)
}
