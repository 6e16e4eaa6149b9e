// Command kernel measures the geometry kernel on the city of ../shared/bench/perfgen: each work the least time of a
// few repetitions, and the total area to hold beside a peer's. It knows nothing of the peers; ../table joins them.
//
//	kernel -city FOLDER -made FOLDER WORK…   measure, one line of results per figure
//	kernel -make -made FOLDER                write the polygons that the city does not have
//
// A line of results is: key, figure, total area in m² (0 where there is none), separated by tabs. Figures are seconds
// unless the key says otherwise.
package main

import (
	"flag"
	"fmt"
	"os"
)

// works are what can be measured, by the word that run takes.
var works = map[string]func(*bench) error{
	"parcels":      parcels,
	"matrix":       matrix,
	"construction": construction,
	"pairs":        pairs,
	"dissolve":     dissolve,
	"area":         area,
	"growth":       growth,
	"memory":       memory,
}

// bench is where a work finds its input and leaves its results.
type bench struct {
	city, made string // folders
	times      int    // repetitions, of which the least counts
}

func main() {
	b := bench{}
	flag.StringVar(&b.city, "city", "", "folder of the city's *.wkbs")
	flag.StringVar(&b.made, "made", "", "folder of the polygons that -make writes")
	flag.IntVar(&b.times, "times", 5, "repetitions, of which the least counts")
	write := flag.Bool("make", false, "write the large pairs and the cells, and end")
	flag.Parse()
	if err := run(&b, *write, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "kernel:", err)
		os.Exit(1)
	}
}

func run(b *bench, write bool, names []string) error {
	if write {
		return makeAll(b.made)
	}
	for _, name := range names {
		work := works[name]
		if work == nil {
			return fmt.Errorf("no work is called %q", name)
		}
		if err := work(b); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
