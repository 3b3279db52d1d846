package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The targets, as shares of the peer's time, milliseconds and MiB.
const (
	nearTarget, farTarget, psqlTarget = 0.95, 0.35, 1.10
	memoryTarget                      = 64
)

// growthTargets are for up with nothing to do, and status, by the number of files.
var growthTargets = map[int]time.Duration{1000: 60 * time.Millisecond, 10000: 300 * time.Millisecond}

// peerTables are Markdown, one for each step, the fastest peer first.
func peerTables(where string, files int, samples map[string]map[string][]float64) string {
	var b strings.Builder
	for _, step := range steps {
		fmt.Fprintf(&b, "\n#### %s, %d files, %s\n\n| | time | a file | Plinth's time against it |\n| --- | ---: | ---: | ---: |\n", step, files, where)
		names := make([]string, 0, len(samples[step]))
		for name := range samples[step] {
			names = append(names, name)
		}
		slices.SortFunc(names, func(x, y string) int { return cmp.Compare(median(samples[step][x]), median(samples[step][y])) })
		for _, name := range names {
			took := median(samples[step][name])
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", name, shown(took), shown(took/float64(files)), against(samples[step][ours], samples[step][name]))
		}
	}
	return b.String()
}

// turnTable is Markdown. rounds hold the seconds of each name, Plinth being the first.
func turnTable(step, where string, files int, target float64, names []string, rounds [][]float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n#### %s, %d files, %s, file by file in turn\n\n| | a file | Plinth's time against it | target |\n| --- | ---: | ---: | --- |\n", step, files, where)
	column := func(i int) (values []float64) {
		for _, round := range rounds {
			values = append(values, round[i])
		}
		return values
	}
	for i, name := range names {
		asked := ""
		if name == theirs {
			asked = fmt.Sprintf("at most %.2f", target)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", name, shown(median(column(i))/float64(files)), against(column(0), column(i)), asked)
	}
	return b.String()
}

func togetherTable(files int, names []string, samples map[string][]usage) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n#### %d files, whole processes, loopback\n\n| | time | time against psql | target | peak memory, MiB | target |\n| --- | ---: | ---: | --- | ---: | --- |\n", files)
	for _, name := range names {
		asked, most := "", fmt.Sprintf("under %d", memoryTarget)
		if name == names[0] {
			asked = fmt.Sprintf("at most %.2f", psqlTarget)
		}
		if strings.HasPrefix(name, "psql") {
			most = ""
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", name, shown(median(seconds(samples[name]))),
			against(seconds(samples[name]), seconds(samples["psql -1 -f"])), asked, memory(samples[name]), most)
	}
	return b.String()
}

func growthTable(files int, commands []string, samples map[string][]usage) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n#### %d files, nothing to do, whole processes, loopback\n\n| | time | target | peak memory, MiB | target |\n| --- | ---: | --- | ---: | --- |\n", files)
	for _, command := range commands {
		asked := ""
		if target, ok := growthTargets[files]; ok && (command == "up" || command == "status") {
			asked = "at most " + target.String()
		}
		fmt.Fprintf(&b, "| plinth %s | %s | %s | %s | under %d |\n", command, shown(median(seconds(samples[command]))), asked, memory(samples[command]), memoryTarget)
	}
	return b.String()
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[middle-1] + sorted[middle]) / 2
	}
	return sorted[middle]
}

// against is the median of the ratios within a round.
func against(mine, other []float64) string {
	var ratios []float64
	for i := range min(len(mine), len(other)) {
		ratios = append(ratios, mine[i]/other[i])
	}
	if ratios == nil {
		return ""
	}
	return fmt.Sprintf("%.2f", median(ratios))
}

func shown(seconds float64) string {
	switch ms := seconds * 1000; {
	case ms >= 10_000:
		return fmt.Sprintf("%.1f s", seconds)
	case ms >= 10:
		return fmt.Sprintf("%.0f ms", ms)
	default:
		return fmt.Sprintf("%.2f ms", ms)
	}
}
