// Command table joins the lines of results of peers and kernel to the table of ../README.md, in Markdown. A row whose
// figures were not all measured is left out; after the table come the differences of the total areas.
//
//	table FILE
package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("wants one file of results, not %d", len(args))
	}
	file, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer file.Close()
	found, err := parse(file)
	if err != nil {
		return fmt.Errorf("read %s: %w", args[0], err)
	}
	return printAll(out, found)
}

// measured is one line of results.
type measured struct {
	figure float64 // seconds, unless the key says otherwise
	total  float64 // m², 0 where there is none
}

// parse reads lines of key, figure and total.
func parse(in io.Reader) (map[string]measured, error) {
	out := map[string]measured{}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		part := strings.Split(lines.Text(), "\t")
		if len(part) != 3 {
			return nil, fmt.Errorf("line %q has %d parts, not 3", lines.Text(), len(part))
		}
		figure, err := strconv.ParseFloat(part[1], 64)
		if err != nil {
			return nil, err
		}
		total, err := strconv.ParseFloat(part[2], 64)
		if err != nil {
			return nil, err
		}
		out[part[0]] = measured{figure, total}
	}
	return out, lines.Err()
}

// printAll prints the rows for which there are figures, and how far the totals are apart.
func printAll(out io.Writer, found map[string]measured) error {
	var b strings.Builder
	b.WriteString("| work | peer | peer's time | ours | ratio | must reach |\n|---|---|---|---|---|---|\n")
	for _, r := range rows {
		if line, ok := r.line(found); ok {
			b.WriteString(line)
		}
	}
	head := "\n| total area, m² | peer's | ours | relative difference |\n|---|---|---|---|\n"
	for _, r := range rows {
		if line, ok := r.totals(found); ok {
			b.WriteString(head + line)
			head = ""
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// line is one row of the table; false when a figure is missing or the row is not about time.
func (r row) line(found map[string]measured) (string, bool) {
	ours, ok := found[r.ours]
	if !ok || r.show == nil {
		return "", false
	}
	theirs, ratio := "–", "–"
	if r.theirs != "" {
		other, ok := found[r.theirs]
		if !ok {
			return "", false
		}
		theirs, ratio = r.show(other.figure), r.ratio(other.figure, ours.figure)
	}
	cells := []string{r.work, r.peer, theirs, r.show(ours.figure), ratio, r.target}
	return "| " + strings.Join(cells, " | ") + " |\n", true
}

// totals compares what both say the area is; false when one of them says nothing.
func (r row) totals(found map[string]measured) (string, bool) {
	ours, theirs := found[r.ours].total, found[r.theirs].total
	if ours == 0 || theirs == 0 || r.peer == itself {
		return "", false
	}
	return fmt.Sprintf("| %s: %s | %.2f | %.2f | %.1e |\n", r.work, r.peer, theirs, ours, math.Abs(ours/theirs-1)), true
}
